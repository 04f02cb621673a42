//! The wiki's pages: what is done once a guard has let the caller through.

use super::guards::{Caller, server};
use super::markdown;
use crate::storage::StorageError;
use crate::storage::pages::{Changed, StoredPage};
use crate::wire::pages::{MAX_BODY, MAX_SLUG, MAX_TITLE, Page, PageSummary};
use crate::wire::problem::Problem;

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "storage failed");
        Problem::new(500, "the server could not reach its storage")
    }
}

pub(super) async fn list() -> Result<Vec<PageSummary>, Problem> {
    Ok(server()?.storage.list_pages().await?)
}

pub(super) async fn read(slug: &str) -> Result<Page, Problem> {
    check_slug(slug)?;
    server()?.storage.page(slug).await?.map(show).ok_or_else(|| missing(slug))
}

fn show(StoredPage { summary, body }: StoredPage) -> Page {
    let html = markdown::render(&body);
    Page { summary, body, html }
}

pub(super) async fn write(
    caller: &Caller,
    slug: String,
    title: String,
    body: String,
    version: i64,
) -> Result<Page, Problem> {
    check_slug(&slug)?;
    check_title(&title)?;
    check_body(&body)?;
    check_version(version)?;
    let server = server()?;
    let summary = PageSummary {
        slug,
        title,
        version: version + 1,
        edited_by: caller.username.clone(),
        edited_at: server.clock.now(),
    };
    let page = StoredPage { summary, body };
    match server.storage.write_page(&page).await? {
        Changed::Done => Ok(show(page)),
        Changed::Missing => Err(missing(&page.summary.slug)),
        Changed::Stale if version == 0 => Err(Problem::new(409, "a page with this slug exists already")),
        Changed::Stale => Err(stale()),
    }
}

pub(super) async fn delete(_caller: &Caller, slug: &str, version: i64) -> Result<(), Problem> {
    check_slug(slug)?;
    check_version(version)?;
    match server()?.storage.delete_page(slug, version).await? {
        Changed::Done => Ok(()),
        Changed::Missing => Err(missing(slug)),
        Changed::Stale => Err(stale()),
    }
}

fn missing(slug: &str) -> Problem {
    Problem::new(404, format!("there is no page {slug:?}"))
}

fn stale() -> Problem {
    Problem::new(409, "somebody changed this page since you read it; read it again and repeat your change")
}

fn check_slug(slug: &str) -> Result<(), Problem> {
    let words = slug
        .split('-')
        .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    if words && slug.len() <= MAX_SLUG {
        return Ok(());
    }
    Err(Problem::invalid(
        "slug",
        format!("a slug is 1 to {MAX_SLUG} lower-case letters and digits, with single hyphens between"),
    ))
}

fn check_title(title: &str) -> Result<(), Problem> {
    let readable = !title.chars().any(|character| character.is_control() || turns_or_hides_text(character));
    if !title.trim().is_empty() && title.len() <= MAX_TITLE && readable {
        return Ok(());
    }
    Err(Problem::invalid(
        "title",
        format!("a title is 1 to {MAX_TITLE} bytes without control characters, also those that turn or part lines"),
    ))
}

/// The characters of Unicode that turn the direction of what follows, past the title's own end: a list of pages with one
/// such title reads as if it were another (Unicode TR 36 §2.5, "Trojan Source"). Directions that letters have by
/// themselves need none of them. The marks that only hint (U+200E, U+200F) and the joiners that scripts need stay.
fn turns_or_hides_text(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

/// Text is kept letter for letter as it was sent, also where Unicode could write it in another way (NFC): it is looked up
/// by its slug, which is ASCII, and an author wants back what was written. Direction overrides may stand here, where a
/// text may speak of them: each paragraph is a block of its own, and they end with it (Unicode UAX 9 §3.3.1).
fn check_body(body: &str) -> Result<(), Problem> {
    let readable = body.chars().all(|character| !character.is_control() || matches!(character, '\n' | '\r' | '\t'));
    if body.len() <= MAX_BODY && readable {
        return Ok(());
    }
    Err(Problem::invalid(
        "body",
        format!("a body is at most {MAX_BODY} bytes without control characters but line breaks and tabs"),
    ))
}

fn check_version(version: i64) -> Result<(), Problem> {
    if (0..i64::MAX).contains(&version) {
        return Ok(());
    }
    Err(Problem::invalid("version", "version is the number of the version that you read; 0 creates a page"))
}

/// The pages of a new demo: slug, title, body.
pub const DEMO: [(&str, &str, &str); 3] = [
    (
        "welcome",
        "Welcome",
        "This wiki is a door. It has three locks, and you hold a key for each: **HTTP Basic**, a **JSON Web Token**, and **OAuth 2**.\n\nOpen it with each of them, and look at what crosses the wire. The page is the same; what you had to give away for it is not.",
    ),
    (
        "three-keys",
        "The three keys",
        "*Basic* sends your password with every call. It is simple, and whoever sees one call has everything ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)).\n\nA *JSON Web Token* is signed once and shown many times. The server looks nothing up, and so it cannot take the token back ([RFC 7519](https://www.rfc-editor.org/rfc/rfc7519)).\n\n*OAuth* gives an application its own key, for some doors and for some time, without ever showing it your password ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749)).",
    ),
    (
        "house-rules",
        "House rules",
        "- Everyone with an account may read.\n- Editors may write.\n- Admins may also delete, and read the audit log.\n\nWho you are is one question (authentication); what you may do is another (authorization). Sign in as `bob`, try to change this page, and see the second question answered with no.",
    ),
];

#[cfg(test)]
mod tests {
    use super::{check_body, check_slug, check_title, check_version};

    #[test]
    fn slugs() {
        for good in ["a", "a-b", "three-keys", "2026"] {
            assert!(check_slug(good).is_ok(), "{good:?}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "é", "a/b", "../a", "a b", "a\0", &"a".repeat(65)] {
            assert_eq!(check_slug(bad).unwrap_err().field.as_deref(), Some("slug"), "{bad:?}");
        }
    }

    #[test]
    fn titles_and_bodies() {
        assert!(check_title("Héllo").is_ok());
        assert!(check_title("שלום, \u{200F}עולם").is_ok(), "other directions are welcome, only the overrides are not");
        for bad in ["", "   ", "a\nb", "a\u{7f}", "a\u{85}", "a\u{202e}b", "\u{2066}a", "a\u{2028}b", &"a".repeat(121)]
        {
            assert_eq!(check_title(bad).unwrap_err().field.as_deref(), Some("title"), "{bad:?}");
        }
        assert!(check_body("a\r\n\tb").is_ok());
        assert!(check_body("").is_ok());
        for bad in ["\0", "\u{1b}[0m", &"a".repeat(32 * 1024 + 1)] {
            assert!(check_body(bad).is_err());
        }
    }

    #[test]
    fn versions() {
        assert!(check_version(0).is_ok() && check_version(7).is_ok());
        assert!(check_version(-1).is_err() && check_version(i64::MAX).is_err());
    }
}
