//! HTTP Basic (RFC 7617): a password with every call.
//!
//! The checks in their order: credentials are there, they are well-formed, the password fits in this realm, the role
//! allows the operation.

use super::{Caller, Credentials, check_role, credentials, record, request, server};
use crate::resource_server::ResourceServer;
use crate::storage::accounts::Realm;
use crate::wire::base64url;
use crate::wire::problem::Problem;
use crate::wire::role::Operation;

/// Lets the caller through to the operation, or says why not.
///
/// # Errors
/// 401 with the realm's challenge, 403 where the role does not allow the operation.
pub async fn admit(operation: Operation) -> Result<Caller, Problem> {
    let server = server()?;
    let decision = decide(&server, operation).await;
    record(&server, "basic", operation, decision).await
}

/// Each realm is a protection space of its own: the credentials of one do not open the other (RFC 7617 §2).
fn realm_of(operation: Operation) -> Realm {
    if operation == Operation::ReadAudit { Realm::Audit } else { Realm::Pages }
}

async fn decide(server: &ResourceServer, operation: Operation) -> Result<Caller, (Problem, Option<Caller>)> {
    let realm = realm_of(operation);
    let challenge = format!(r#"Basic realm="{}", charset="UTF-8""#, realm.name());
    let refuse =
        |check: &str, words: &str| (Problem::new(401, words).with_challenge(challenge.clone()).with_check(check), None);

    let parts = request().map_err(|problem| (problem, None))?;
    let shown = match credentials(&parts.headers) {
        Credentials::Nothing => return Err(refuse("credentials", "this page needs an account and its password")),
        Credentials::TooMany => {
            return Err((
                Problem::new(400, "there is more than one Authorization header").with_check("credentials"),
                None,
            ));
        }
        Credentials::Given { scheme, value } if scheme == "basic" => user_and_password(value),
        _ => None,
    };
    // Malformed credentials take the same way as wrong ones, so that neither answer nor time tells them apart.
    let (username, password) = shown.unwrap_or_default();
    let account = server.accounts.verify(realm, &username, &password).await;
    let account = account.map_err(|error| (error.into(), None))?;
    let Some(account) = account else {
        return Err(refuse("password", "that account and password do not fit together in this realm"));
    };
    let caller = Caller { username: account.username, role: account.role, key: "basic", scope: None, client_id: None };
    match check_role(&caller, operation) {
        Ok(()) => Ok(caller),
        Err(problem) => Err((problem, Some(caller))),
    }
}

/// Base64 of UTF-8, split at the first colon, without control characters (RFC 7617 §2).
fn user_and_password(value: &str) -> Option<(String, String)> {
    let text = String::from_utf8(base64url::decode_standard(value)?).ok()?;
    if text.chars().any(char::is_control) {
        return None;
    }
    let (username, password) = text.split_once(':')?;
    Some((username.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::user_and_password;
    use crate::wire::base64url::encode_standard;

    fn read(text: &[u8]) -> Option<(String, String)> {
        user_and_password(&encode_standard(text))
    }

    #[test]
    fn the_first_colon_splits() {
        assert_eq!(read(b"bob:open:sesame"), Some(("bob".to_owned(), "open:sesame".to_owned())));
        assert_eq!(read("chloé:crème-brûlée".as_bytes()), Some(("chloé".to_owned(), "crème-brûlée".to_owned())));
        assert_eq!(read(b":"), Some((String::new(), String::new())));
    }

    proptest::proptest! {
        #[test]
        fn any_header_is_either_refused_or_gives_back_what_was_encoded(value in "[A-Za-z0-9+/=]{0,60}") {
            if let Some((username, password)) = user_and_password(&value) {
                proptest::prop_assert!(!username.contains(':'));
                proptest::prop_assert_eq!(encode_standard(format!("{username}:{password}")), value);
            }
        }

        #[test]
        fn any_name_without_a_colon_and_any_password_arrive(username in "[^:\\pC]{0,20}", password in "\\PC{0,20}") {
            proptest::prop_assert_eq!(read(format!("{username}:{password}").as_bytes()), Some((username, password)));
        }
    }

    #[test]
    fn what_is_malformed_is_nothing() {
        assert_eq!(read(b"no colon"), None);
        assert_eq!(read(b"bob:\xff\xfe"), None);
        assert_eq!(read(b"bob:a\x00b"), None);
        assert_eq!(read(b"bob:a\x7fb"), None);
        assert_eq!(user_and_password("Ym9iOg"), None, "padding is part of Basic's Base64");
        assert_eq!(user_and_password("!!!!"), None);
    }
}
