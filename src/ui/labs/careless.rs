//! Verifiers as they must not be. They run in the browser alone, never on the server, and are here to be fooled: each
//! leaves one thing out and does the rest right, so that what it leaves out is what fools it.
//!
//! **Do not copy.** What to copy is in `src/resource_server/guards` and `src/auth_server/rules`.

use crate::wire::base64url;
use crate::wire::jwt::Decoded;
use serde_json::Value;

/// What a careless JWT verifier leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It never looks at the signature.
    BelievesTheClaims,
    /// It takes the algorithm from the token.
    BelievesTheAlgorithm,
    /// It takes the key from the token.
    BelievesTheKey,
    /// It does not look at `exp`.
    IgnoresExpiry,
    /// It does not look at `aud`.
    IgnoresAudience,
    /// It does not look at `typ`, and with it takes any audience: one issuer, one kind of token.
    IgnoresType,
    /// It does not look at `cnf`.
    IgnoresBinding,
    /// Nothing: it is here so that tests can see that the flaw is what fools it.
    Nothing,
}

/// What a verifier expects of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// The audience.
    pub audience: &'a str,
    /// The type.
    pub typ: &'a str,
    /// The time, in seconds since 1970-01-01 UTC.
    pub now: i64,
}

/// Looks at the claims of a token whose signature was looked at before.
///
/// # Errors
/// Why it lets nobody in.
pub fn look_at_claims(decoded: &Decoded, flaw: Flaw, expected: &Expected<'_>) -> Result<String, String> {
    let claims = &decoded.claims;
    let must = |holds: bool, words: &str| if holds { Ok(()) } else { Err(format!("It noticed: {words}.")) };
    let audience = match &claims["aud"] {
        Value::String(one) => one == expected.audience,
        Value::Array(several) => several.iter().any(|one| one == expected.audience),
        _ => false,
    };
    must(claims["iss"] == expected.issuer, "the token is another issuer's")?;
    must(flaw == Flaw::IgnoresType || decoded.header["typ"] == expected.typ, "it is another kind of token")?;
    must(
        matches!(flaw, Flaw::IgnoresAudience | Flaw::IgnoresType) || audience,
        "the token is meant for somebody else",
    )?;
    let alive = claims["exp"].as_i64().is_some_and(|end| expected.now < end);
    must(flaw == Flaw::IgnoresExpiry || alive, "the token has expired")?;
    must(
        flaw == Flaw::IgnoresBinding || claims["cnf"].is_null(),
        "the token is bound to a key, and no proof came with it",
    )?;
    let who = claims["preferred_username"].as_str().or(claims["sub"].as_str()).unwrap_or("somebody");
    let role = claims["role"].as_str().map(ToOwned::to_owned).or_else(|| Some(claims["roles"][0].as_str()?.to_owned()));
    Ok(match role {
        Some(role) => format!("It let in {who} as {role}."),
        None => format!("It let in {who}."),
    })
}

/// A redirect URI that begins like a registered one (RFC 9700 §4.1.1 tells what comes of it).
///
/// # Errors
/// When it begins differently.
pub fn redirect_uri_begins_well(registered_origin: &str, asked: &str) -> Result<String, String> {
    if asked.starts_with(registered_origin) {
        Ok(format!("It would have sent the code to {asked}."))
    } else {
        Err("It refused: the URI begins differently.".to_owned())
    }
}

/// Codes of which nobody notes that they were used, with a verifier that is checked if there is one.
#[derive(Debug, Default)]
pub struct CarelessCodes {
    issued: Vec<(String, String)>,
}

impl CarelessCodes {
    /// Notes a code with the verifier that belongs to it.
    pub fn issue(&mut self, code: &str, verifier: &str) {
        self.issued.push((code.to_owned(), verifier.to_owned()));
    }

    /// Exchanges a code.
    ///
    /// # Errors
    /// When the code is unknown, or a verifier does not fit.
    pub fn redeem(&self, code: &str, verifier: Option<&str>) -> Result<String, String> {
        let known = self.issued.iter().find(|(known, _)| known == code).ok_or("It noticed: the code is unknown.")?;
        match verifier {
            Some(verifier) if verifier != known.1 => Err("It noticed: the verifier does not fit.".to_owned()),
            Some(_) => Ok("It issued tokens for the code.".to_owned()),
            None => Ok("It issued tokens for the code: no verifier came, so there was none to check.".to_owned()),
        }
    }
}

/// Refresh tokens that are never replaced, for whatever scope is asked.
#[derive(Debug, Default)]
pub struct CarelessRefresh {
    known: Vec<String>,
}

impl CarelessRefresh {
    /// Notes a refresh token.
    pub fn issue(&mut self, token: &str) {
        self.known.push(token.to_owned());
    }

    /// Exchanges it.
    ///
    /// # Errors
    /// When it is unknown.
    pub fn refresh(&self, token: &str, scope: Option<&str>) -> Result<String, String> {
        if !self.known.iter().any(|known| known == token) {
            return Err("It noticed: the refresh token is unknown.".to_owned());
        }
        Ok(match scope {
            Some(scope) => format!("It issued a token for {scope}, because that was asked for."),
            None => "It issued new tokens: to it the refresh token is as good as on the first day.".to_owned(),
        })
    }
}

/// A client that exchanges every code that arrives; it looks at what it was told to look at and at nothing else.
///
/// # Errors
/// When there is no code, or when what it looks at is wrong.
pub fn answer_at_callback(query: &str, state_of_this_tab: Option<&str>) -> Result<String, String> {
    let value = |name: &str| {
        let mut pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
    };
    let code = value("code").ok_or("It noticed: there is no code.")?;
    if state_of_this_tab.is_some_and(|state| value("state") != Some(state)) {
        return Err("It noticed: the state is not its own.".to_owned());
    }
    let from = value("iss").unwrap_or("somebody");
    Ok(format!("It took the code “{code}” that came from {from}, and would exchange it."))
}

/// Guesses without a throttle: how many it took until one fitted.
///
/// # Errors
/// When none fitted.
pub fn guess_without_throttle<'a>(
    password: &str,
    mut guesses: impl Iterator<Item = &'a str>,
) -> Result<String, String> {
    match guesses.position(|guess| guess == password) {
        Some(place) => Ok(format!("It answered every guess at once, and guess {} opened the door.", place + 1)),
        None => Err("None of the guesses was right.".to_owned()),
    }
}

/// A sign-in that is helpful.
pub fn helpful_sign_in(accounts: &[&str], username: &str) -> &'static str {
    if accounts.contains(&username) { "wrong password" } else { "no such account" }
}

/// A log that writes down all of a request; who reads it reads this.
pub fn read_in_the_log(authorization: &str) -> Option<String> {
    let encoded = authorization.strip_prefix("Basic ")?;
    String::from_utf8(base64url::decode_standard(encoded)?).ok()
}

/// Verified pairs that are remembered, and that no change of password empties.
#[derive(Debug, Default)]
pub struct CarelessMemory {
    verified: Vec<String>,
}

impl CarelessMemory {
    /// Remembers a header that was right.
    pub fn remember(&mut self, authorization: &str) {
        self.verified.push(authorization.to_owned());
    }

    /// Lets in whom it remembers.
    ///
    /// # Errors
    /// When it does not.
    pub fn let_in(&self, authorization: &str) -> Result<String, String> {
        if self.verified.iter().any(|known| known == authorization) {
            Ok("It remembered the pair from before the change, and let the stolen application in.".to_owned())
        } else {
            Err("It did not know the pair.".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::jwt::Decoded;
    use serde_json::json;

    fn expected() -> Expected<'static> {
        Expected { issuer: "https://issuer.example", audience: "door", typ: "door+jwt", now: 100 }
    }

    fn token(change: impl Fn(&mut Value, &mut Value)) -> Decoded {
        let mut header = json!({"typ": "door+jwt"});
        let mut claims =
            json!({"iss": "https://issuer.example", "aud": "door", "exp": 200, "sub": "bob", "role": "viewer"});
        change(&mut header, &mut claims);
        Decoded { header, claims, signature: String::new() }
    }

    #[test]
    fn each_flaw_lets_in_what_it_leaves_out_and_nothing_else() {
        let bad: [(Flaw, Decoded); 4] = [
            (Flaw::IgnoresExpiry, token(|_, claims| claims["exp"] = json!(100))),
            (Flaw::IgnoresAudience, token(|_, claims| claims["aud"] = json!(["elsewhere"]))),
            (Flaw::IgnoresType, token(|header, _| header["typ"] = json!("JWT"))),
            (Flaw::IgnoresBinding, token(|_, claims| claims["cnf"] = json!({"jkt": "x"}))),
        ];
        for (place, (flaw, decoded)) in bad.iter().enumerate() {
            assert!(look_at_claims(decoded, *flaw, &expected()).is_ok(), "{flaw:?} is fooled");
            assert!(look_at_claims(decoded, Flaw::Nothing, &expected()).is_err(), "without the flaw it is not");
            for (other, (another, _)) in bad.iter().enumerate() {
                // One that takes every kind of token takes them for every audience.
                let is_fooled = place == other || (*flaw, *another) == (Flaw::IgnoresAudience, Flaw::IgnoresType);
                let is_let_in = look_at_claims(decoded, *another, &expected()).is_ok();
                assert_eq!(is_let_in, is_fooled, "{another:?} with what fools {flaw:?}");
            }
        }
        assert_eq!(
            look_at_claims(&token(|_, _| ()), Flaw::Nothing, &expected()).as_deref(),
            Ok("It let in bob as viewer.")
        );
        let foreign = token(|_, claims| claims["iss"] = json!("https://evil.example"));
        assert!(look_at_claims(&foreign, Flaw::IgnoresAudience, &expected()).is_err());
    }

    #[test]
    fn the_others_are_fooled_by_what_they_leave_out_alone() {
        assert!(redirect_uri_begins_well("https://app.example", "https://app.example.evil.example/").is_ok());
        assert!(redirect_uri_begins_well("https://app.example", "https://evil.example/").is_err());
        let mut codes = CarelessCodes::default();
        codes.issue("code", "verifier");
        assert!(codes.redeem("code", Some("verifier")).is_ok() && codes.redeem("code", Some("verifier")).is_ok());
        assert!(codes.redeem("code", None).is_ok());
        assert!(codes.redeem("code", Some("another")).is_err() && codes.redeem("another", None).is_err());
        let mut refresh = CarelessRefresh::default();
        refresh.issue("token");
        assert!(refresh.refresh("token", Some("pages:write")).unwrap().contains("pages:write"));
        assert!(refresh.refresh("another", None).is_err());
        assert!(answer_at_callback("?code=a&state=b&iss=c", None).unwrap().contains("“a” that came from c"));
        assert!(answer_at_callback("?code=a&state=b", Some("b")).is_ok());
        assert!(answer_at_callback("?code=a&state=b", Some("c")).is_err());
        assert!(answer_at_callback("?error=a", None).is_err());
        assert_eq!(read_in_the_log("Basic Ym9iOm9wZW46c2VzYW1l").as_deref(), Some("bob:open:sesame"));
        let mut memory = CarelessMemory::default();
        memory.remember("Basic x");
        assert!(memory.let_in("Basic x").is_ok() && memory.let_in("Basic y").is_err());
        assert!(guess_without_throttle("b", ["a", "b"].into_iter()).unwrap().contains("guess 2"));
        assert!(guess_without_throttle("c", ["a", "b"].into_iter()).is_err());
        assert_ne!(helpful_sign_in(&["bob"], "bob"), helpful_sign_in(&["bob"], "eve"));
    }
}
