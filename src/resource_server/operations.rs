//! Which guard stands before which operation: the paths of the outside contract, `/api/{key}/{endpoint}`.

use super::guards::Guard;
use crate::wire::role::Operation;
use axum::http::Method;

/// The guard and the operation behind a path. `None` where no guard stands before the call: the open door, the
/// places where the JWT door's tokens are fetched and given back, and where a demo makes throw-away accounts.
pub(super) fn guarded(method: &Method, path: &str) -> Option<(Guard, Operation)> {
    let (key, endpoint) = path.strip_prefix("/api/")?.split_once('/')?;
    let guard = match key {
        "basic" => Guard::Basic,
        "jwt" => Guard::Jwt,
        "jwt_revocable" => Guard::JwtRevocable,
        "oauth" => Guard::Oauth,
        _ => return None,
    };
    let operation = match (method.as_str(), endpoint) {
        ("GET", "profile") => Operation::ViewProfile,
        ("GET", "pages" | "page") => Operation::ReadPages,
        ("PUT", "page") => Operation::WritePage,
        ("DELETE", "page") => Operation::DeletePage,
        ("GET", "audit") => Operation::ReadAudit,
        // Whoever may see the profile may hand on a token that shows no more.
        ("POST", "narrow") if guard == Guard::Jwt => Operation::ViewProfile,
        // Only who knows the old password may choose a new one: no token is enough.
        ("PUT", "password") if guard == Guard::Basic => Operation::ChangePassword,
        _ => return None,
    };
    Some((guard, operation))
}

#[cfg(test)]
mod tests {
    use super::{Guard, Operation, guarded};
    use axum::http::Method;

    #[test]
    fn only_the_open_door_and_the_places_where_credentials_are_fetched_have_no_guard() {
        let unguarded: Vec<_> = server_fn::axum::server_fn_paths()
            .filter(|(path, method)| guarded(method, path).is_none())
            .map(|(path, method)| format!("{method} {path}"))
            .collect();
        let mut unguarded: Vec<_> = unguarded.iter().map(String::as_str).collect();
        unguarded.sort_unstable();
        let counters = ["POST /api/basic/guest", "POST /api/jwt/sign_in", "POST /api/jwt/sign_out"];
        assert_eq!(unguarded, [&["GET /api/open/pages"][..], &counters].concat());
    }

    #[test]
    fn the_method_decides_what_is_asked() {
        assert_eq!(guarded(&Method::PUT, "/api/oauth/page"), Some((Guard::Oauth, Operation::WritePage)));
        assert_eq!(guarded(&Method::GET, "/api/oauth/page"), Some((Guard::Oauth, Operation::ReadPages)));
        assert_eq!(guarded(&Method::GET, "/api/basic/audit"), Some((Guard::Basic, Operation::ReadAudit)));
        assert_eq!(guarded(&Method::PUT, "/api/basic/password"), Some((Guard::Basic, Operation::ChangePassword)));
        assert_eq!(guarded(&Method::PUT, "/api/oauth/password"), None);
        assert_eq!(guarded(&Method::POST, "/api/jwt/narrow"), Some((Guard::Jwt, Operation::ViewProfile)));
        assert_eq!(guarded(&Method::GET, "/api/open/pages"), None);
        assert_eq!(guarded(&Method::GET, "/oauth/token"), None);
    }
}
