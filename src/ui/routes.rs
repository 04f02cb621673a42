//! The pages by path.

use super::fetched::{Unfetched, fetched, missing};
use super::pages::audit::AuditPage;
use super::pages::basic::BasicPage;
use super::pages::callback::{CallbackPage, TripPlannerCallbackPage};
use super::pages::compare::ComparePage;
use super::pages::connect::ConnectPage;
use super::pages::home::HomePage;
use super::pages::inspector::InspectorPage;
use super::pages::jwt::JwtPage;
use super::pages::not_found::NotFoundPage;
use super::pages::oauth::OauthPage;
use super::pages::signed_out::SignedOutPage;
use super::pages::trip_planner::TripPlannerPage;
use leptos::prelude::*;
use leptos_router::components::{Route, Routes};
use leptos_router::{Lazy, LazyRoute, path};

/// Makes a route of each page, whose code is in that file. The pages own their state, so there is none to be made before
/// a page is there.
macro_rules! routes {
    ($($file:ident: $($route:ident $view:ident $ahead:ident $page:ident),+;)+) => {$($(
        fetched! {
            in $file ahead by $ahead:
            fn $view() -> AnyView {
                view! { <$page/> }.into_any()
            }
        }

        struct $route;

        impl LazyRoute for $route {
            fn data() -> Self {
                Self
            }

            async fn view(_route: Self) -> AnyView {
                $view().await.unwrap_or_else(|Unfetched| missing())
            }

            async fn preload() {
                // Where it fails, the view says so.
                let _ = $ahead().await;
            }
        }
    )+)+};
}

routes! {
    home: Home home fetch_home HomePage;
    labs: Basic basic fetch_basic BasicPage, Jwt jwt fetch_jwt JwtPage, Oauth oauth fetch_oauth OauthPage;
    tools:
        Audit audit fetch_audit AuditPage,
        Connect connect fetch_connect ConnectPage,
        Compare compare fetch_compare ComparePage,
        Inspector inspector fetch_inspector InspectorPage,
        TripPlanner trip_planner fetch_trip_planner TripPlannerPage,
        SignedOut signed_out fetch_signed_out SignedOutPage;
    dealings:
        Callback callback fetch_callback CallbackPage,
        TripPlannerCallback trip_planner_callback fetch_trip_planner_callback TripPlannerCallbackPage;
}

/// The page of the path that is looked at.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            <Route path=path!("/") view={Lazy::<Home>::new()}/>
            <Route path=path!("/basic") view={Lazy::<Basic>::new()}/>
            <Route path=path!("/jwt") view={Lazy::<Jwt>::new()}/>
            <Route path=path!("/oauth") view={Lazy::<Oauth>::new()}/>
            <Route path=path!("/audit") view={Lazy::<Audit>::new()}/>
            <Route path=path!("/connect") view={Lazy::<Connect>::new()}/>
            <Route path=path!("/compare") view={Lazy::<Compare>::new()}/>
            <Route path=path!("/inspector") view={Lazy::<Inspector>::new()}/>
            <Route path=path!("/callback") view={Lazy::<Callback>::new()}/>
            <Route path=path!("/trip-planner") view={Lazy::<TripPlanner>::new()}/>
            <Route path=path!("/trip-planner/callback") view={Lazy::<TripPlannerCallback>::new()}/>
            <Route path=path!("/signed-out") view={Lazy::<SignedOut>::new()}/>
        </Routes>
    }
}
