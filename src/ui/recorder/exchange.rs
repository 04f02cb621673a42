//! One exchange: a request and what was answered.

use super::secrets;
use crate::wire::trace::{self, CheckTrace};
use serde::{Deserialize, Serialize};

/// A request and its answer, as scripts see them. The browser adds some headers of its own (`Host`, `User-Agent`, …) and
/// keeps some from scripts (`Set-Cookie`); those are not here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// Its number, counted up in this tab.
    pub id: u32,
    /// Who carried it.
    pub crossing: Crossing,
    /// The method.
    pub method: String,
    /// The absolute URL.
    pub url: String,
    /// The headers that the application has set.
    pub headers: Vec<(String, String)>,
    /// The request's body.
    pub body: String,
    /// What was answered; `None` while nothing is, and where the exchange failed.
    pub answer: Option<Answer>,
    /// From sending to the last byte of the answer, in milliseconds.
    pub milliseconds: Option<f64>,
    /// Whether no answer came.
    pub failed: bool,
    /// Whether its secrets were struck out.
    #[serde(default)]
    pub is_struck: bool,
}

/// Who carries an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Crossing {
    /// A script, by `fetch`: the back channel of this application.
    Script,
    /// The browser itself, by going there: the front channel, which everybody at this screen sees.
    Navigation,
}

/// Whom an exchange is with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// Issues tokens.
    Authorization,
    /// Keeps the wiki.
    Resource,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The status; `None` for a redirect that the browser followed by itself.
    pub status: Option<u16>,
    /// The headers that scripts may see, in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What the server says it has checked (`Prefer: explain`).
    pub fn checks(&self) -> Vec<CheckTrace> {
        self.header(trace::HEADER).and_then(trace::parse).unwrap_or_default()
    }

    /// As many bytes as HTTP/1.1 would need for it.
    pub fn bytes(&self) -> usize {
        size(&self.headers) + self.body.len()
    }
}

impl Exchange {
    /// Path and query.
    pub fn target(&self) -> &str {
        let after_scheme = self.url.find("://").map_or(0, |place| place + 3);
        self.url[after_scheme..].find('/').map_or("/", |place| &self.url[after_scheme + place..])
    }

    /// The path alone.
    pub fn path(&self) -> &str {
        self.target().split(['?', '#']).next().unwrap_or_default()
    }

    /// Whom it is with: the two servers share an address here, and their paths tell them apart.
    pub fn server(&self) -> Server {
        let path = self.path();
        if path.starts_with("/oauth") || path.starts_with("/.well-known/o") && !path.contains("protected-resource") {
            Server::Authorization
        } else {
            Server::Resource
        }
    }

    /// As many bytes as HTTP/1.1 would need for the request.
    pub fn bytes(&self) -> usize {
        self.method.len() + self.target().len() + " HTTP/1.1\r\n".len() + 1 + size(&self.headers) + self.body.len()
    }

    pub(super) fn forget_secrets(&mut self) {
        self.is_struck = true;
        self.url = secrets::struck_out(&self.url);
        self.body = secrets::struck_out(&self.body);
        let answer = self.answer.iter_mut();
        let (mut bodies, mut headers) = (Vec::new(), vec![&mut self.headers]);
        for Answer { headers: answered, body, .. } in answer {
            bodies.push(body);
            headers.push(answered);
        }
        bodies.into_iter().for_each(|body| *body = secrets::struck_out(body));
        for (_, value) in headers.into_iter().flatten() {
            *value = secrets::struck_out(value);
        }
    }
}

/// Header lines with their line ends, and the empty line.
fn size(headers: &[(String, String)]) -> usize {
    headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum::<usize>() + 2
}

#[cfg(test)]
mod tests {
    use super::{Answer, Crossing, Exchange, Server};

    fn exchange(url: &str) -> Exchange {
        Exchange {
            id: 1,
            crossing: Crossing::Script,
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers: vec![("authorization".to_owned(), "Basic Ym9iOm9wZW46c2VzYW1l".to_owned())],
            body: String::new(),
            answer: Some(Answer {
                status: Some(200),
                headers: Vec::new(),
                body: r#"{"access_token":"abc"}"#.to_owned(),
            }),
            milliseconds: None,
            failed: false,
            is_struck: false,
        }
    }

    #[test]
    fn the_path_tells_with_whom_it_is() {
        let server = |path: &str| exchange(&format!("http://127.0.0.1:3000{path}")).server();
        assert_eq!(server("/oauth/token"), Server::Authorization);
        assert_eq!(server("/.well-known/oauth-authorization-server"), Server::Authorization);
        assert_eq!(server("/.well-known/openid-configuration"), Server::Authorization);
        assert_eq!(server("/.well-known/oauth-protected-resource"), Server::Resource);
        assert_eq!(server("/api/oauth/pages?x=/oauth"), Server::Resource);
    }

    #[test]
    fn signing_out_leaves_no_secret_in_it() {
        let mut exchange = exchange("http://127.0.0.1:3000/callback?code=geheim&state=x");
        exchange.forget_secrets();
        let all = serde_json::to_string(&exchange).unwrap();
        for secret in ["Ym9i", "abc", "geheim"] {
            assert!(!all.contains(secret), "{all}");
        }
        assert!(all.contains("state=x"), "{all}");
    }

    #[test]
    fn bytes_are_those_of_http_1_1() {
        let exchange = exchange("http://127.0.0.1:3000/a");
        let text = "GET /a HTTP/1.1\r\nauthorization: Basic Ym9iOm9wZW46c2VzYW1l\r\n\r\n";
        assert_eq!(exchange.bytes(), text.len());
    }
}
