//! Page bodies are Markdown (CommonMark 0.31 with tables and strikethrough), rendered here and not in the browser, so
//! that every client gets HTML that can do no harm.
//!
//! Two walls stand behind each other. The renderer lets no HTML of the author's through: it is shown as the text that it
//! is. The sanitiser then reads the result as a browser would, and keeps only what is on its list: whatever the first
//! wall overlooks, there is no element that runs or loads anything, no attribute but three, and no way to write one.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// How deep elements may lie in each other; what lies deeper stays as text. Browsers and sanitisers look through all
/// open elements at each new one, so that without a limit 32 KB of `>` would cost seconds.
const MAX_DEPTH: usize = 24;

const ELEMENTS: [&str; 22] = [
    "p",
    "br",
    "hr",
    "h4",
    "h5",
    "h6",
    "em",
    "strong",
    "del",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "a",
];
const ATTRIBUTES: [(&str, &[&str]); 2] = [("a", &["href", "title"]), ("ol", &["start"])];
/// The least that a link to somebody else's page should say: this page does not vouch for it, and tells it nothing.
const LINK_REL: &str = "nofollow noopener noreferrer";

/// No class and no `id` (they could take the place of ours, or of a variable that a script looks for), no style, no
/// image (it would tell another server who reads this), no relative URL (it could act on this server).
static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(HashSet::from(ELEMENTS))
        .tag_attributes(
            ATTRIBUTES.iter().map(|(tag, names)| (*tag, names.iter().copied().collect())).collect::<HashMap<_, _>>(),
        )
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some(LINK_REL));
    builder
});

/// The body as HTML that can be put into a page as it is.
pub(super) fn render(markdown: &str) -> String {
    let parser = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let mut html = String::with_capacity(markdown.len() * 2);
    pulldown_cmark::html::push_html(&mut html, Harmless { events: parser, depth: 0 });
    SANITISER.clean(&html).to_string()
}

/// The events of a document without HTML, images and depths.
struct Harmless<'a, I: Iterator<Item = Event<'a>>> {
    events: I,
    depth: usize,
}

impl<'a, I: Iterator<Item = Event<'a>>> Iterator for Harmless<'a, I> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        loop {
            match self.events.next()? {
                // Of an image its description stays.
                Event::Start(Tag::Image { .. } | Tag::HtmlBlock) | Event::End(TagEnd::Image | TagEnd::HtmlBlock) => {}
                Event::Start(tag) => {
                    self.depth += 1;
                    if self.depth <= MAX_DEPTH {
                        return Some(Event::Start(below_the_title(tag)));
                    }
                }
                Event::End(tag) => {
                    self.depth -= 1;
                    if self.depth < MAX_DEPTH {
                        return Some(Event::End(match tag {
                            TagEnd::Heading(level) => TagEnd::Heading(lower(level)),
                            other => other,
                        }));
                    }
                }
                Event::Html(text) | Event::InlineHtml(text) => return Some(Event::Text(text)),
                Event::Text(text) => return Some(Event::Text(without_nul(text))),
                other => return Some(other),
            }
        }
    }
}

/// The page's title is a third-level heading; those of its text come below.
fn below_the_title(tag: Tag<'_>) -> Tag<'_> {
    match tag {
        Tag::Heading { level, .. } => {
            Tag::Heading { level: lower(level), id: None, classes: Vec::new(), attrs: Vec::new() }
        }
        // A class for the language would be thrown away afterwards.
        Tag::CodeBlock(_) => Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Indented),
        other => other,
    }
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H4,
        HeadingLevel::H2 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

fn without_nul(text: CowStr<'_>) -> CowStr<'_> {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}").into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::{ATTRIBUTES, ELEMENTS, render};

    /// Reads HTML tag by tag and fails at whatever is not on the list.
    fn check(html: &str) -> Result<(), String> {
        let mut rest = html;
        while let Some((_, tag)) = rest.split_once('<') {
            let tag_name: String =
                tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
            if !ELEMENTS.contains(&tag_name.as_str()) {
                return Err(format!("<{tag_name}> in {html:?}"));
            }
            rest = &tag[usize::from(tag.starts_with('/')) + tag_name.len()..];
            while !rest.starts_with('>') {
                let (name, after) =
                    rest.trim_start().split_once("=\"").ok_or_else(|| format!("no attribute: {rest:?}"))?;
                let (value, after) = after.split_once('"').ok_or_else(|| format!("an open attribute: {after:?}"))?;
                let allowed = ATTRIBUTES.iter().any(|(tag, names)| *tag == tag_name && names.contains(&name));
                let rel = tag_name == "a" && name == "rel" && value == super::LINK_REL;
                if !allowed && !rel {
                    return Err(format!("{name}={value:?} at <{tag_name}> in {html:?}"));
                }
                let scheme = value.split(':').next().unwrap_or_default();
                if name == "href" && !["http", "https", "mailto"].contains(&scheme.to_ascii_lowercase().as_str()) {
                    return Err(format!("href={value:?}"));
                }
                rest = after;
            }
        }
        Ok(())
    }

    #[test]
    fn markdown_becomes_html_below_the_pages_title() {
        assert_eq!(render("# One\n\n## Two\n\n### Three"), "<h4>One</h4>\n<h5>Two</h5>\n<h6>Three</h6>\n");
        assert_eq!(
            render("a *b* **c** ~~d~~ `e`"),
            "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e</code></p>\n"
        );
        assert_eq!(render("3. a\n4. b"), "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n");
        assert_eq!(render("```rust\nlet a;\n```"), "<pre><code>let a;\n</code></pre>\n");
        assert!(render("|a|b|\n|-|:-:|\n|c|d|").contains("<td>d</td>"));
        assert_eq!(
            render("[x](https://example.org \"y\")"),
            "<p><a href=\"https://example.org\" title=\"y\" rel=\"nofollow noopener noreferrer\">x</a></p>\n"
        );
    }

    #[test]
    fn the_authors_html_is_shown_as_the_text_that_it_is() {
        assert_eq!(render("a <b>c</b>"), "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n");
        assert!(render("<script>alert(1)</script>").contains("&lt;script&gt;"));
        assert_eq!(render("<!-- gone -->x").trim(), "&lt;!-- gone --&gt;x");
    }

    #[test]
    fn an_image_leaves_its_description() {
        assert_eq!(render("![a cat](https://example.org/cat.png)"), "<p>a cat</p>\n");
    }

    #[test]
    fn a_link_that_runs_or_stays_here_loses_its_target() {
        for target in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "&#106;avascript:alert(1)",
            "java&#10;script:alert(1)",
            "&#x01;javascript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "file:///etc/passwd",
            "/oauth/logout",
            "//example.org",
            "#main",
            "\\\\example.org",
            "blob:x",
            "filesystem:x",
            "view-source:x",
        ] {
            let html = render(&format!("[x](<{target}>) <{target}>"));
            assert!(!html.contains("href"), "{target}: {html}");
            check(&html).unwrap();
        }
    }

    #[test]
    fn the_worst_of_32_kb_is_rendered_soon_and_needs_no_deep_stack() {
        let size = crate::wire::pages::MAX_BODY;
        let fill = |unit: &str| unit.repeat(size / unit.len());
        let nested: String = (0..250).map(|depth| format!("{}- a\n", " ".repeat(depth * 2))).collect();
        let started = std::time::Instant::now();
        for body in [
            fill(">"),
            fill("> "),
            fill("- "),
            fill("* a\n"),
            fill("["),
            fill("[a]("),
            fill("!["),
            fill("![a]("),
            fill("*a **b "),
            fill("_a"),
            fill("`"),
            fill("<"),
            fill("<b>"),
            fill("<div>\n\n"),
            fill("&#1;"),
            fill("a|"),
            fill("|a|\n|-|\n"),
            fill("\\"),
            fill("# a\n"),
            fill("[a]: b\n"),
            fill("[a][b]"),
            fill("<!--"),
            fill("<?"),
            fill("http://a "),
            format!("{}{}", fill(">").get(..1000).unwrap_or_default(), fill("a\n")),
            nested,
        ] {
            check(&render(&body)).unwrap();
        }
        // Unoptimised, on a busy machine: far above what it takes, far below what a quadratic course would.
        assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    }

    proptest::proptest! {
        #[test]
        fn no_text_gets_anything_past_the_list(text in "[ -~\n\t\u{0}é\u{202e}]{0,300}") {
            proptest::prop_assert_eq!(check(&render(&text)), Ok(()));
        }

        #[test]
        fn no_mixture_of_hostile_pieces_gets_anything_past_the_list(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "<script>", "</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<iframe src=", "<style>",
                    "<math><mtext>", "<table>", "<noscript>", "</p>", "<a href=\"", "javascript:", "data:", "onfocus=", "autofocus ",
                    "\"", "'", "`", "```\n", "\n", "\n\n", "    ", "[", "]", "(", ")", "<", ">", "![", "&lt;", "&#x3c;", "&quot;",
                    "\\", "*", "_", "~~", "|", "|-|\n", "# ", "> ", "- ", "1. ", "<!--", "-->", "<![CDATA[", "]]>", "a", ":", "\u{0}",
                    "https://example.org/", "<https://example.org/", "=\"x\" ", "id=", "style=", "<form id=a>", "<textarea>", "<title>",
                ]),
                0..40,
            )
        ) {
            proptest::prop_assert_eq!(check(&render(&pieces.concat())), Ok(()));
        }
    }
}
