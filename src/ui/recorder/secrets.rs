//! Finds the secrets in what crosses the wire, so that they can be masked, coloured by part, and struck out.

/// A stretch of text, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What it is.
    pub kind: Kind,
    /// The text.
    pub text: &'a str,
}

/// What a stretch of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing secret.
    Plain,
    /// The first part of a JWT.
    Header,
    /// The second.
    Claims,
    /// The third.
    Signature,
    /// A secret that tells nothing by its parts: a password, a code, a refresh token.
    Opaque,
}

/// The parameters and members whose values are secrets, by the names of the standards.
const NAMES: [&str; 13] = [
    "access_token",
    "refresh_token",
    "id_token",
    "token",
    "code",
    "code_verifier",
    "password",
    "client_secret",
    "client_assertion",
    "device_code",
    "subject_token",
    "id_token_hint",
    "assertion",
];

/// The text in pieces; put together they are the text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut from, mut at) = (0, 0);
    while at < text.len() {
        let Some((start, end)) = secret_at(text, at) else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        push(&mut found, Kind::Plain, &text[from..start]);
        take_apart(&mut found, &text[start..end]);
        (from, at) = (end, end.max(at + 1));
    }
    push(&mut found, Kind::Plain, &text[from..]);
    found
}

/// The text without its secrets.
pub fn struck_out(text: &str) -> String {
    pieces(text).into_iter().map(|piece| if piece.kind == Kind::Plain { piece.text } else { "(forgotten)" }).collect()
}

fn push<'a>(found: &mut Vec<Piece<'a>>, kind: Kind, text: &'a str) {
    if !text.is_empty() {
        found.push(Piece { kind, text });
    }
}

fn take_apart<'a>(found: &mut Vec<Piece<'a>>, secret: &'a str) {
    let mut parts = secret.split('.');
    let is_jwt = secret.starts_with("eyJ") && secret.bytes().filter(|byte| *byte == b'.').count() == 2;
    if !is_jwt {
        push(found, Kind::Opaque, secret);
        return;
    }
    for kind in [Kind::Header, Kind::Claims, Kind::Signature] {
        let part = parts.next().unwrap_or_default();
        push(found, kind, part);
        if kind != Kind::Signature {
            let end = part.as_ptr() as usize + part.len() - secret.as_ptr() as usize;
            push(found, Kind::Plain, &secret[end..=end]);
        }
    }
}

/// The secret that begins at this place, or behind a name that does.
fn secret_at(text: &str, at: usize) -> Option<(usize, usize)> {
    let rest = &text[at..];
    let begins = !text[..at].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '_' || before == '-');
    if !begins {
        return None;
    }
    if rest.starts_with("eyJ") {
        let length = length_of(rest, |letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.'));
        let dots = rest[..length].bytes().filter(|byte| *byte == b'.').count();
        return (dots == 2).then_some((at, at + length));
    }
    // The value of an Authorization header, which is nothing else; a challenge and prose go on after the word.
    if at == 0 && rest.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic ")) {
        let is_base64 =
            |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'+' | b'/' | b'=' | b'-' | b'_');
        return (rest.len() > 6 && rest[6..].bytes().all(is_base64)).then_some((6, rest.len()));
    }
    let name =
        NAMES.iter().find(|name| rest.strip_prefix(**name).is_some_and(|after| after.starts_with(['=', '"'])))?;
    let after = &rest[name.len()..];
    let place = at + name.len();
    if let Some(value) = after.strip_prefix('=') {
        let length = length_of(value, |letter| !matches!(letter, '&' | '#') && !letter.is_whitespace());
        return (length > 0).then_some((place + 1, place + 1 + length));
    }
    // A member of a JSON object.
    let value = after.strip_prefix('"')?.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let start = text.len() - value.len();
    let mut escaped = false;
    let length = length_of(value, |letter| {
        let ends = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        !ends
    });
    (length > 0).then_some((start, start + length))
}

fn length_of(text: &str, mut belongs: impl FnMut(char) -> bool) -> usize {
    text.find(|letter| !belongs(letter)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::{Kind, pieces, struck_out};

    fn secrets(text: &str) -> Vec<(Kind, &str)> {
        let found = pieces(text);
        assert_eq!(found.iter().map(|piece| piece.text).collect::<String>(), text, "nothing is lost");
        found.into_iter().filter(|piece| piece.kind != Kind::Plain).map(|piece| (piece.kind, piece.text)).collect()
    }

    #[test]
    fn a_jwt_falls_into_its_three_parts() {
        let parts = [(Kind::Header, "eyJa"), (Kind::Claims, "eyJb"), (Kind::Signature, "c-_")];
        assert_eq!(secrets("Bearer eyJa.eyJb.c-_"), parts);
        assert_eq!(secrets(r#"{"access_token":"eyJa.eyJb.c-_","token_type":"Bearer"}"#), parts);
        assert_eq!(secrets("token=eyJa.eyJb.c-_&token_type_hint=access_token"), parts);
        assert_eq!(secrets("eyJa.eyJb."), parts[..2]);
    }

    #[test]
    fn passwords_codes_and_opaque_tokens_are_found_by_their_names() {
        let opaque = |text| vec![(Kind::Opaque, text)];
        assert_eq!(secrets("Basic Ym9iOng="), opaque("Ym9iOng="));
        assert_eq!(secrets("basic Ym9iOng="), opaque("Ym9iOng="));
        assert_eq!(secrets("/callback?code=a1&state=b"), opaque("a1"));
        assert_eq!(secrets("grant_type=refresh_token&refresh_token=r1"), opaque("r1"));
        assert_eq!(secrets("code_verifier=v&client_id=c"), opaque("v"));
        assert_eq!(secrets(r#"{"password" : "a\"b","username":"bob"}"#), opaque(r#"a\"b"#));
        assert_eq!(secrets("{\"password\":\"crème\"}"), opaque("crème"));
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "",
            "response_type=code&code_challenge=abc&code_challenge_method=S256",
            r#"Basic realm="Three Keys pages", charset="UTF-8""#,
            r#"{"token_type":"Bearer","expires_in":300}"#,
            "grant_type=authorization_code",
            "eyJ",
            "é=ü",
            "Basic sends your password with every call.",
            r#"{"grant_types_supported":["refresh_token","authorization_code"]}"#,
        ] {
            assert_eq!(secrets(text), [], "{text}");
        }
    }

    #[test]
    fn struck_out_nothing_of_it_is_left() {
        assert_eq!(struck_out("a?code=xyz&b"), "a?code=(forgotten)&b");
    }
}
