//! Request parameters, parsed once: empty ones are absent, repeated ones are remembered (RFC 6749 §3.1, §3.2).

use super::error::{ErrorCode, Refusal};
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::collections::{BTreeMap, BTreeSet};

/// The most bytes that a form may have.
const MAX_FORM: usize = 64 * 1024;

/// The parameters of one request. Every value is non-empty UTF-8.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters {
    values: BTreeMap<String, Vec<String>>,
    /// Names that came more than once, counting empty ones too.
    repeated: BTreeSet<String>,
    unreadable: bool,
}

impl Parameters {
    /// Reads a query or a form body.
    pub fn parse(encoded: &[u8]) -> Self {
        let mut parameters = Parameters::default();
        let mut seen = BTreeSet::new();
        for (name, value) in url::form_urlencoded::parse(encoded) {
            // The decoder replaces what is no UTF-8; a client whose bytes we would change is told so instead.
            parameters.unreadable |= name.contains('\u{FFFD}') || value.contains('\u{FFFD}');
            if !seen.insert(name.to_string()) {
                parameters.repeated.insert(name.to_string());
            }
            if !value.is_empty() {
                parameters.values.entry(name.into_owned()).or_default().push(value.into_owned());
            }
        }
        parameters
    }

    /// The parameter's value; the first one if it was repeated.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(|values| values.first()).map(String::as_str)
    }

    /// All values of a parameter that may be repeated.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values.get(name).into_iter().flatten().map(String::as_str)
    }

    /// Every name with each of its values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().flat_map(|(name, values)| values.iter().map(|value| (name.as_str(), value.as_str())))
    }

    /// Whether the parameter is there.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// A name that came more than once and may not (RFC 8707 §2 allows `resource`).
    pub fn repeated(&self) -> Option<&str> {
        self.repeated.iter().map(String::as_str).find(|name| *name != "resource")
    }

    /// Whether this very parameter came more than once.
    pub fn is_repeated(&self, name: &str) -> bool {
        self.repeated.contains(name)
    }

    /// Whether something in it was no UTF-8 or holds a control character.
    pub fn is_unreadable(&self) -> bool {
        self.unreadable || self.values.values().flatten().any(|value| value.chars().any(char::is_control))
    }

    /// The parameters as a query, without those named.
    pub fn to_query_without(&self, left_out: &[&str]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, values) in self.values.iter().filter(|(name, _)| !left_out.contains(&name.as_str())) {
            for value in values {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }
}

/// A form body, as the token endpoint and its kin take it: `POST`, form-encoded, nothing in the URI, nothing repeated.
#[derive(Debug)]
pub struct Form(pub Parameters);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let invalid = |rule, description: &'static str| {
            Refusal::new(ErrorCode::InvalidRequest, rule, description).into_response()
        };
        let has_query = request.uri().query().is_some_and(|query| !query.is_empty());
        let parameters = read_form(request).await?;
        if has_query {
            // RFC 6749 §2.3.1 and §3.2: nothing of this belongs into a URI, where logs would keep it.
            return Err(invalid("check_no_query", "parameters belong in the body, not in the URI"));
        }
        if parameters.is_unreadable() {
            return Err(invalid("check_characters", "parameters must be UTF-8 without control characters"));
        }
        if let Some(name) = parameters.repeated() {
            let description = format!("the parameter {:?} came more than once", name.escape_debug().to_string());
            return Err(Refusal::new(ErrorCode::InvalidRequest, "check_repeated", description).into_response());
        }
        Ok(Form(parameters))
    }
}

/// Reads a form of an HTML page, whose checkboxes may repeat a name.
///
/// # Errors
/// A response for a wrong media type or a body that is too large or breaks off.
pub async fn read_form(request: Request<Body>) -> Result<Parameters, Response> {
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"));
    if request.method() == Method::POST && !is_form {
        return Err(Refusal::new(
            ErrorCode::InvalidRequest,
            "check_content_type",
            "the body must be application/x-www-form-urlencoded",
        )
        .into_response());
    }
    let body = axum::body::to_bytes(request.into_body(), MAX_FORM).await.map_err(|_| {
        let mut refusal =
            Refusal::new(ErrorCode::InvalidRequest, "check_size", "the body is larger than 64 KB").into_response();
        *refusal.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        refusal
    })?;
    Ok(Parameters::parse(&body))
}

#[cfg(test)]
mod tests {
    use super::Parameters;

    #[test]
    fn empty_is_absent_and_repeated_is_known() {
        let parameters = Parameters::parse(b"a=1&b=&c=2&c=3&resource=x&resource=y");
        assert_eq!(parameters.get("a"), Some("1"));
        assert!(!parameters.has("b"));
        assert_eq!(parameters.repeated(), Some("c"));
        assert_eq!(parameters.all("resource").collect::<Vec<_>>(), ["x", "y"]);
    }

    #[test]
    fn an_empty_value_still_counts_as_repeated() {
        assert_eq!(Parameters::parse(b"a=&a=1").repeated(), Some("a"));
    }

    #[test]
    fn what_is_no_utf8_or_holds_control_characters_is_unreadable() {
        for bad in ["a=%FF", "a=%0d%0aSet-Cookie:x", "a=%00"] {
            assert!(Parameters::parse(bad.as_bytes()).is_unreadable(), "{bad}");
        }
        assert!(!Parameters::parse("a=é&b=%E2%82%AC".as_bytes()).is_unreadable());
    }
}
