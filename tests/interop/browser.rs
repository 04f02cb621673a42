//! A browser as small as can be: cookies, forms, and redirects that are followed by hand.

use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};

/// One person's browser.
pub(crate) struct Browser(Client);

impl Browser {
    pub(crate) fn new() -> Self {
        Self(Client::builder().cookie_store(true).redirect(Policy::none()).build().expect("a client"))
    }

    /// Opens the URL, signs in and allows what is asked, until the server sends the browser to `end`.
    pub(crate) async fn sign_in_and_allow(&self, start: Url, account: (&str, &str), end: &str) -> Url {
        let mut url = start;
        let mut response = self.0.get(url.clone()).send().await.expect("an answer");
        for _ in 0..6 {
            if let Some(location) = response.headers().get("location") {
                url = url.join(location.to_str().expect("ASCII")).expect("a URL");
                if url.as_str().starts_with(end) {
                    return url;
                }
                response = self.0.get(url.clone()).send().await.expect("an answer");
                continue;
            }
            assert!(response.status().is_success(), "{url}: {}", response.status());
            let page = response.text().await.expect("a page");
            response = self.submit(&url, &page, account).await;
        }
        panic!("the flow did not end at {end}");
    }

    /// Fills in the only form of the page.
    pub(crate) async fn submit(&self, url: &Url, page: &str, (username, password): (&str, &str)) -> Response {
        let mut fields = inputs(page);
        for (name, value) in &mut fields {
            match name.as_str() {
                "username" => *value = username.to_owned(),
                "password" => *value = password.to_owned(),
                _ => {}
            }
        }
        if page.contains("name=\"decision\"") {
            fields.push(("decision".to_owned(), "allow".to_owned()));
        }
        let action =
            attribute(page, "<form ", "action").map_or(url.clone(), |action| url.join(&action).expect("a URL"));
        self.0.post(action).form(&fields).send().await.expect("an answer")
    }

    pub(crate) async fn get(&self, url: &Url) -> String {
        self.0.get(url.clone()).send().await.expect("an answer").text().await.expect("a page")
    }
}

/// The names and values of all inputs. Our pages are written by a macro, so their markup is regular.
fn inputs(page: &str) -> Vec<(String, String)> {
    page.split("<input ")
        .skip(1)
        .filter_map(|rest| {
            let tag = rest.split('>').next()?;
            Some((attribute(tag, "", "name")?, attribute(tag, "", "value").unwrap_or_default()))
        })
        .collect()
}

fn attribute(text: &str, after: &str, name: &str) -> Option<String> {
    let tag = text.split_once(after).map_or(text, |(_, rest)| rest).split('>').next()?;
    let value = tag.split_once(&format!("{name}=\""))?.1.split('"').next()?;
    Some(value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}
