//! The files of the user interface: named by their content, compressed once, and never by whole folders.

use crate::Running;
use crate::support::Answer;
use reqwest::{Client, RequestBuilder};
use three_keys::host::config::Config;

/// Long enough to be worth compressing.
fn style() -> String {
    ".motif { color: teal; }\n".repeat(200)
}

async fn with_files() -> (Running, tempfile::TempDir) {
    let site = tempfile::tempdir().unwrap();
    let package = site.path().join("pkg");
    std::fs::create_dir(&package).unwrap();
    std::fs::write(package.join("three-keys.css"), style()).unwrap();
    std::fs::write(package.join("three-keys.wasm"), [0_u8; 10_000]).unwrap();
    std::fs::write(site.path().join("favicon.svg"), "<svg/>").unwrap();
    std::fs::write(site.path().join(".hidden"), "hush").unwrap();
    let root = site.path().to_owned();
    (Running::with(|config| Config { site_root: Some(root), ..config }).await, site)
}

fn get(running: &Running, path: &str) -> RequestBuilder {
    Client::new().get(format!("http://{}{path}", running.address))
}

/// Where the pages load the style from.
async fn style_path(running: &Running) -> String {
    let page = Answer::of(get(running, "/")).await.text;
    let (before, _) = page.split_once("three-keys.css").expect("a link to the style");
    let path = before.rsplit('"').next().unwrap();
    format!("{path}three-keys.css")
}

#[tokio::test]
async fn pages_load_files_by_a_name_that_their_content_gives_and_browsers_keep_them() {
    let (running, site) = with_files().await;
    let path = style_path(&running).await;
    assert_ne!(path, "/pkg/three-keys.css");
    let answer = Answer::of(get(&running, &path)).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, style().as_str()));
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(answer.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let page = Answer::of(get(&running, "/")).await.text;
    assert!(page.contains(&path.replace("three-keys.css", "three-keys.wasm")), "the WASM is named so, too");

    std::fs::write(site.path().join("pkg/three-keys.css"), "body {}").unwrap();
    let root = Some(site.path().to_owned());
    let newer = Running::with(|config| Config { site_root: root, ..config }).await;
    assert_ne!(style_path(&newer).await, path, "other content, other name");
    assert_eq!(Answer::of(get(&newer, &path)).await.status, 404, "a name stands for one content");
}

#[tokio::test]
async fn a_plain_name_is_asked_for_again_and_costs_nothing_while_it_is_the_same() {
    let (running, _site) = with_files().await;
    let first = Answer::of(get(&running, "/pkg/three-keys.css")).await;
    assert_eq!((first.status, first.header("cache-control")), (200, "no-cache"));
    let again = get(&running, "/pkg/three-keys.css").header("if-none-match", first.header("etag"));
    let again = Answer::of(again).await;
    assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", first.header("etag")));
    let other = Answer::of(get(&running, "/pkg/three-keys.css").header("if-none-match", "\"other\"")).await;
    assert_eq!(other.status, 200);
}

#[tokio::test]
async fn each_coding_is_sent_to_who_takes_it_with_a_tag_of_its_own() {
    let (running, _site) = with_files().await;
    let mut tags = Vec::new();
    for (accepted, coding) in [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, identity", ""), ("", "")] {
        let answer = Answer::of(get(&running, "/pkg/three-keys.wasm").header("accept-encoding", accepted)).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (200, coding), "{accepted}");
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.text.len() < 1_000, !coding.is_empty());
        tags.push(answer.header("etag").to_owned());
    }
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[2] == tags[3], "{tags:?}");
}

#[tokio::test]
async fn a_part_is_never_taken_out_of_a_compressed_file() {
    let (running, _site) = with_files().await;
    let request = get(&running, "/pkg/three-keys.css").header("range", "bytes=0-3").header("accept-encoding", "br");
    let answer = Answer::of(request).await;
    assert_eq!((answer.status, answer.header("content-range"), answer.header("accept-ranges")), (200, "", "none"));
}

#[tokio::test]
async fn only_what_is_there_for_everyone_is_served() {
    let (running, _site) = with_files().await;
    assert_eq!(Answer::of(get(&running, "/favicon.svg")).await.text, "<svg/>");
    for path in [
        "/.hidden",
        "/%2ehidden",
        "/%2Ehidden",
        "/pkg/../.hidden",
        "/pkg",
        "/pkg/",
        "/pkg/..%2f..%2fCargo.toml",
        "/pkg/three-keys.css/",
    ] {
        let answer = Answer::of(get(&running, path)).await;
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.text.contains("hush"), "{path}");
    }
}
