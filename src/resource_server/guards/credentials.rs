//! What the `Authorization` header holds (RFC 9110 §11.6.2).

use axum::http::{HeaderMap, header};

/// The header, read but not believed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Credentials<'a> {
    /// There is none.
    Nothing,
    /// A scheme, in whatever case because case does not matter (RFC 9110 §11.1), and what follows it.
    Given {
        /// The scheme's name.
        scheme: &'a str,
        /// What follows.
        value: &'a str,
    },
    /// It cannot be read.
    Unreadable,
    /// There is more than one (RFC 6750 §2 allows one method for one token).
    TooMany,
}

/// Reads it.
pub(super) fn credentials(headers: &HeaderMap) -> Credentials<'_> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(first) = given.next() else { return Credentials::Nothing };
    if given.next().is_some() {
        return Credentials::TooMany;
    }
    match first.to_str().map(|text| text.split_once(' ')) {
        Ok(Some((scheme, value))) => Credentials::Given { scheme, value: value.trim() },
        _ => Credentials::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::{Credentials, credentials};
    use axum::http::{HeaderMap, HeaderValue, header};

    fn with(values: &[&[u8]]) -> HeaderMap {
        let values = values.iter().map(|value| (header::AUTHORIZATION, HeaderValue::from_bytes(value).unwrap()));
        values.collect()
    }

    #[test]
    fn a_header_is_a_scheme_and_what_follows() {
        assert_eq!(credentials(&with(&[])), Credentials::Nothing);
        let given = with(&[b"bAsIc  abc= "]);
        assert_eq!(credentials(&given), Credentials::Given { scheme: "bAsIc", value: "abc=" });
        assert_eq!(credentials(&with(&[b"Basic"])), Credentials::Unreadable);
        assert_eq!(credentials(&with(&[b"Basic \xff"])), Credentials::Unreadable);
        assert_eq!(credentials(&with(&[b"Basic a", b"Basic a"])), Credentials::TooMany);
    }
}
