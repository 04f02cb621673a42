//! How a client shows who it is: Basic, body, signed assertion or not at all; exactly one of them (RFC 6749 §2.3,
//! RFC 7523 §2.2, §3).

use super::AuthServer;
use super::clients::{Client, ClientAuthentication};
use super::error::{ErrorCode, Refusal};
use super::explanation;
use super::parameters::Parameters;
use crate::checks::Check;
use crate::jose::{Unverified, VerifyingKey, sha256};
use crate::wire::base64url;
use crate::wire::claims::Audience;
use axum::http::{HeaderMap, header};
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use std::sync::Arc;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The longest that an assertion may live, in seconds.
const ASSERTION_LIFETIME: i64 = 600;

/// The methods as announced in the metadata.
pub(super) const METHODS: [&str; 4] = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"];
/// The algorithms of assertions, as announced in the metadata.
pub(super) const ASSERTION_ALGORITHMS: [&str; 4] = ["ES256", "EdDSA", "PS256", "RS256"];

/// The client is the one that it says it is.
static CLIENT: Check = Check::new("check_client", 6749, "3.2.1");

/// What the client showed.
enum Shown {
    Nothing { client_id: String },
    Secret { client_id: String, secret: String },
    Assertion { client_id: String, assertion: String },
}

/// The client that makes the call, with what it showed verified.
///
/// # Errors
/// `invalid_request` for more than one method or a malformed one, `invalid_client` for an unknown client or a wrong
/// secret, with the same words for both.
pub(super) async fn authenticate(
    server: &AuthServer,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Arc<Client>, Refusal> {
    let shown = read(headers, parameters)?;
    let client_id = match &shown {
        Shown::Nothing { client_id } | Shown::Secret { client_id, .. } | Shown::Assertion { client_id, .. } => {
            client_id
        }
    };
    let wrong = || {
        Refusal::new(
            ErrorCode::InvalidClient,
            CLIENT.name,
            "the client is unknown or did not show that it is this client",
        )
    };
    let client = server.clients.find(client_id).await?.ok_or_else(wrong)?;
    match (&client.authentication, &shown) {
        (ClientAuthentication::None, Shown::Nothing { .. }) => {}
        (ClientAuthentication::Secret { keyed_hash }, Shown::Secret { secret, .. })
            if server.secret.verifies("client secret", secret.as_bytes(), keyed_hash) => {}
        (ClientAuthentication::PrivateKeyJwt { jwks }, Shown::Assertion { assertion, .. }) => {
            check_assertion(server, &client, jwks, assertion).await?;
        }
        _ => return Err(wrong()),
    }
    explanation::passed(&CLIENT);
    Ok(client)
}

fn read(headers: &HeaderMap, parameters: &Parameters) -> Result<Shown, Refusal> {
    let invalid = |words: &'static str| Refusal::new(ErrorCode::InvalidRequest, "check_one_method", words);
    let in_header = basic(headers)?;
    let in_body = parameters.get("client_secret");
    let assertion = parameters.get("client_assertion");
    let methods = [in_header.is_some(), in_body.is_some(), assertion.is_some()];
    if methods.into_iter().filter(|used| *used).count() > 1 {
        return Err(invalid("the client authenticated in more than one way"));
    }
    let client_id = parameters.get("client_id");
    if let Some((id, secret)) = in_header {
        if client_id.is_some_and(|other| other != id) {
            return Err(invalid("client_id in the body is not the one in the header"));
        }
        return Ok(Shown::Secret { client_id: id, secret });
    }
    if let Some(assertion) = assertion {
        if parameters.get("client_assertion_type") != Some(ASSERTION_TYPE) {
            return Err(invalid("client_assertion_type is not the one for JSON Web Tokens"));
        }
        let subject = unverified_subject(assertion)?;
        if client_id.is_some_and(|other| other != subject) {
            return Err(invalid("client_id in the body is not the assertion's subject"));
        }
        return Ok(Shown::Assertion { client_id: subject, assertion: assertion.to_owned() });
    }
    let client_id = client_id
        .ok_or_else(|| Refusal::new(ErrorCode::InvalidClient, CLIENT.name, "the client did not say who it is"))?
        .to_owned();
    Ok(match in_body {
        Some(secret) => Shown::Secret { client_id, secret: secret.to_owned() },
        None => Shown::Nothing { client_id },
    })
}

/// The id and secret of an HTTP Basic header, each form-decoded (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, Refusal> {
    let malformed = || {
        Refusal::new(ErrorCode::InvalidClient, "check_basic", "the Authorization header is not well-formed HTTP Basic")
    };
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = given.next() else { return Ok(None) };
    if given.next().is_some() {
        return Err(Refusal::new(
            ErrorCode::InvalidRequest,
            "check_one_method",
            "there is more than one Authorization header",
        ));
    }
    let (scheme, rest) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(malformed)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(malformed());
    }
    let decoded = base64url::decode_standard(rest.trim())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(malformed)?;
    let (id, secret) = decoded.split_once(':').ok_or_else(malformed)?;
    Ok(Some((form_decoded(id).ok_or_else(malformed)?, form_decoded(secret).ok_or_else(malformed)?)))
}

fn form_decoded(text: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(text.as_bytes());
    let (decoded, value) = match pairs.next() {
        Some(pair) => pair,
        None => return Some(String::new()),
    };
    // What is encoded holds neither `=` nor `&`; a secret with a bare `=` in it was not encoded, and is taken as it is.
    if pairs.next().is_some() || !value.is_empty() || text.contains('=') {
        return Some(text.to_owned());
    }
    (!decoded.contains('\u{FFFD}')).then(|| decoded.into_owned())
}

#[derive(Deserialize)]
struct AssertionClaims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    nbf: Option<i64>,
    jti: String,
}

fn refused(words: &'static str) -> Refusal {
    Refusal::new(ErrorCode::InvalidClient, "check_client_assertion", words)
}

/// Only to know whose keys to take; nothing else is believed yet.
fn unverified_subject(assertion: &str) -> Result<String, Refusal> {
    let claims: AssertionClaims = Unverified::parse(assertion)
        .and_then(|unverified| unverified.claims())
        .map_err(|_| refused("the assertion is not a JSON Web Token with iss, sub, aud, exp and jti"))?;
    Ok(claims.sub)
}

/// RFC 7523 §3, with the audience that RFC 7523bis fixes: the issuer. The token endpoint is still taken, because
/// RFC 7523 §3 named it and clients send it.
async fn check_assertion(
    server: &AuthServer,
    client: &Client,
    jwks: &jsonwebtoken::jwk::JwkSet,
    assertion: &str,
) -> Result<(), Refusal> {
    let unverified = Unverified::parse(assertion).map_err(|_| refused("the assertion is not a JSON Web Token"))?;
    let algorithm = match unverified.header.alg.as_str() {
        "ES256" => Algorithm::ES256,
        "EdDSA" => Algorithm::EdDSA,
        "PS256" => Algorithm::PS256,
        "RS256" => Algorithm::RS256,
        _ => return Err(refused("the assertion's algorithm is not one of the announced ones")),
    };
    unverified.check_critical_headers().map_err(|_| refused("the assertion demands unknown extensions"))?;
    unverified.check_no_own_key().map_err(|_| refused("the assertion brings its own key"))?;
    let fits = jwks
        .keys
        .iter()
        .filter(|jwk| unverified.header.kid.is_none() || jwk.common.key_id == unverified.header.kid)
        .filter_map(|jwk| VerifyingKey::from_jwk(jwk, algorithm).ok())
        .any(|key| unverified.check_signature(&key).is_ok());
    if !fits {
        return Err(refused("no registered key of the client fits the assertion's signature"));
    }
    let claims: AssertionClaims = unverified.claims().map_err(|_| refused("claims are missing"))?;
    if claims.iss != client.client_id || claims.sub != client.client_id {
        return Err(refused("iss and sub must both be the client_id"));
    }
    let token_endpoint = format!("{}/oauth/token", server.issuer);
    if !claims.aud.contains(&server.issuer) && !claims.aud.contains(&token_endpoint) {
        return Err(refused("aud is not this issuer"));
    }
    let now = server.clock.now();
    // The client has a clock of its own, so half a minute is forgiven either way.
    if claims.exp <= now - 30 || claims.exp > now + ASSERTION_LIFETIME || claims.nbf.is_some_and(|nbf| nbf > now + 30) {
        return Err(refused("the assertion is not valid now, or for longer than ten minutes"));
    }
    let used = sha256(format!("assertion {} {}", client.client_id, claims.jti));
    if !server.storage.use_identifier(&used, claims.exp + 30).await? {
        return Err(refused("the assertion was used already"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{basic, form_decoded};
    use crate::wire::base64url::encode_standard;
    use axum::http::{HeaderMap, HeaderValue, header};

    fn header_of(text: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(text).unwrap());
        headers
    }

    #[test]
    fn id_and_secret_are_form_decoded() {
        let headers = header_of(&format!("bAsIc {}", encode_standard("odd%3Aclient:p%40ss+word%2B%25%3A%C3%A9")));
        assert_eq!(basic(&headers).unwrap(), Some(("odd:client".to_owned(), "p@ss word+%:é".to_owned())));
    }

    #[test]
    fn malformed_headers_are_refused() {
        for bad in ["Basic", "Basic !!!", "Bearer abc", "Basic YQ=="] {
            assert!(basic(&header_of(bad)).is_err(), "{bad}");
        }
        assert_eq!(basic(&HeaderMap::new()).unwrap(), None);
    }

    #[test]
    fn bytes_that_are_no_utf8_are_refused() {
        assert_eq!(form_decoded("%FF"), None);
        assert_eq!(form_decoded(""), Some(String::new()));
        assert_eq!(form_decoded("a=b"), Some("a=b".to_owned()));
    }
}
