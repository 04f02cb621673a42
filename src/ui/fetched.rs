//! Code that is fetched when it is needed, so that a first visit loads what is looked at and nothing else.
//!
//! With the feature `split`, which the browser's half alone knows, [`fetched!`] puts a function into a file of its own:
//!
//! - `home`: the first page,
//! - `labs`: the pages of the three keys, before anything is pressed,
//! - `tools`: the pages beside them,
//! - `dealings`: every dealing with a server, and what is shown of it.
//!
//! Functions of one file share it. What two files need is in a third, which comes with each of them: few files are better
//! than many, because every set of files that has something in common is one more (a file for each page made 133 of 14,
//! and each first visit larger). Without the feature nothing is fetched, and the functions are what they seem to be.

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::future::Future;

/// The file could not be had: there is no network, or a newer version of this application is served by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a part of this application could not be fetched; load the page again")]
pub struct Unfetched;

#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for Unfetched {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Unfetched
    }
}

/// Writes a function whose code is in that file. A plain one becomes asynchronous and its value a `Result`; a second
/// function fetches the file ahead, where it is given a name. An asynchronous one has to answer with a `Result` whose
/// error can come from [`Unfetched`].
macro_rules! fetched {
    (
        in $file:ident $(ahead by $ahead:ident)?:
        $(#[$meta:meta])*
        $visibility:vis fn $name:ident($($argument:ident: $type:ty),*) -> $output:ty $body:block
    ) => {
        $(#[$meta])*
        #[cfg(feature = "split")]
        #[leptos::wasm_split::wasm_split(
            $file,
            wasm_split_path = leptos::wasm_split,
            fallible
            $(, preload($ahead))?
        )]
        $visibility fn $name($($argument: $type),*) -> Result<$output, $crate::ui::fetched::Unfetched> {
            Ok($body)
        }

        $(#[$meta])*
        #[cfg(not(feature = "split"))]
        $visibility async fn $name($($argument: $type),*) -> Result<$output, $crate::ui::fetched::Unfetched> {
            Ok($body)
        }

        $(
            #[cfg(not(feature = "split"))]
            $visibility async fn $ahead() -> Result<(), $crate::ui::fetched::Unfetched> {
                Ok(())
            }
        )?
    };
    (
        in $file:ident:
        $(#[$meta:meta])*
        $visibility:vis async fn $name:ident($($argument:ident: $type:ty),*) -> Result<$value:ty, $error:ty> $body:block
    ) => {
        $(#[$meta])*
        #[cfg(feature = "split")]
        #[leptos::wasm_split::wasm_split(
            $file,
            wasm_split_path = leptos::wasm_split,
            fallible,
            return_wrapper(let answer = _; { answer.await } -> Result<$value, $error>)
        )]
        $visibility fn $name(
            $($argument: $type),*
        ) -> std::pin::Pin<Box<dyn Future<Output = Result<$value, $error>>>> {
            Box::pin(async move $body)
        }

        $(#[$meta])*
        #[cfg(not(feature = "split"))]
        $visibility async fn $name($($argument: $type),*) -> Result<$value, $error> $body
    };
}
pub(crate) use fetched;

/// Shows a view that is fetched, as soon as it is there.
pub(crate) fn later<V>(view: V) -> impl IntoView + use<V>
where
    V: Future<Output = Result<AnyView, Unfetched>> + 'static,
{
    let view = SendWrapper::new(async move { view.await.unwrap_or_else(|Unfetched| missing()) });
    Suspend::new(view)
}

/// What stands where something could not be fetched.
pub(crate) fn missing() -> AnyView {
    view! { <p class="refusal" role="alert">{Unfetched.to_string()}"."</p> }.into_any()
}
