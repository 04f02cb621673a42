//! The files of the user interface, from memory: read, named by their content and compressed once. What the build has
//! compressed (`scripts/compress`) lies beside them and is taken as it is.
//!
//! Compressing a megabyte of WebAssembly for every caller who asks would let anybody keep the processor busy. And a file
//! under a name that its content gives never changes, so browsers keep it without asking again. The version in that name
//! is taken from the very files that are served; the name that `cargo leptos` would give them (`hash-files`) stands in a
//! file beside the binary, which the two separate builds of this house could leave out of step.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The folder whose files the pages of the interface load by version.
const PACKAGE: &str = "pkg";
/// Larger files are not served. The WebAssembly of a debug build is a few tens of megabytes.
const LARGEST: u64 = 64 * 1024 * 1024;
/// How deep folders are looked into.
const DEEPEST: u32 = 4;
/// What would not shrink by more than a header is sent as it is.
const WORTH_IT: usize = 512;

/// How files are called that the build has compressed.
const COMPRESSED: [&str; 2] = [".br", ".gz"];
/// What is no larger is compressed while the caller waits.
const QUICKLY_MADE: usize = 64 * 1024;

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");

/// Every file that is served. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Assets(Arc<Files>);

#[derive(Default)]
struct Files {
    by_path: BTreeMap<String, Arc<File>>,
    version: String,
}

struct File {
    media_type: &'static str,
    digest: String,
    content: Bytes,
    brotli: OnceCell<Option<Bytes>>,
    gzip: OnceCell<Option<Bytes>>,
}

type Compress = fn(&[u8]) -> io::Result<Vec<u8>>;

#[derive(Clone, Copy)]
enum Coding {
    Identity,
    Brotli,
    Gzip,
}

impl Assets {
    /// Reads the folder. A folder that is not there holds nothing, which is how the tests run.
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        let mut by_path = BTreeMap::new();
        if folder.is_dir() {
            collect(folder, "", DEEPEST, &mut by_path)?;
        }
        let package = format!("/{PACKAGE}/");
        let mut all = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
        for (path, file) in by_path.iter().filter(|(path, _)| path.starts_with(&package)) {
            all.update(path.as_bytes());
            all.update(file.digest.as_bytes());
        }
        Ok(Self(Arc::new(Files { by_path, version: hex(&all.finish().as_ref()[..10]) })))
    }

    /// Where the pages of the interface find its package: under a name that its content gives.
    pub(super) fn package(&self) -> String {
        if self.0.by_path.is_empty() { PACKAGE.to_owned() } else { format!("{PACKAGE}/{}", self.0.version) }
    }

    /// Compresses in the background what the first visitor would otherwise wait for.
    pub(super) fn warm_up(&self) {
        let assets = self.clone();
        tokio::spawn(async move {
            for file in assets.0.by_path.values() {
                file.in_coding(Coding::Brotli).await;
                file.in_coding(Coding::Gzip).await;
            }
        });
    }

    /// The file at that path, and whether the path names its content.
    fn find(&self, path: &str) -> Option<(&Arc<File>, bool)> {
        let Files { by_path, version } = &*self.0;
        if let Some(file) = by_path.get(path) {
            return Some((file, false));
        }
        let rest = path.strip_prefix('/')?.strip_prefix(PACKAGE)?.strip_prefix('/')?;
        let rest = rest.strip_prefix(version.as_str()).filter(|_| !version.is_empty())?;
        by_path.get(&format!("/{PACKAGE}{rest}")).map(|file| (file, true))
    }
}

/// Answers for a file that there is; everything else goes on.
pub(super) async fn serve(State(assets): State<Assets>, request: Request, next: Next) -> Response {
    if *request.method() != Method::GET && *request.method() != Method::HEAD {
        return next.run(request).await;
    }
    match assets.find(request.uri().path()) {
        Some((file, by_content)) => file.answer(request.headers(), by_content).await,
        None => next.run(request).await,
    }
}

impl File {
    fn new(path: &str, content: Vec<u8>, brotli: Option<Vec<u8>>, gzip: Option<Vec<u8>>) -> Self {
        let made = |content: Option<Vec<u8>>| OnceCell::new_with(content.map(|content| Some(Bytes::from(content))));
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &content);
        Self {
            media_type: media_type(path),
            digest: hex(&digest.as_ref()[..16]),
            content: content.into(),
            brotli: made(brotli),
            gzip: made(gzip),
        }
    }

    /// The content in that coding, made once; `None` where it would not be smaller.
    async fn in_coding(&self, coding: Coding) -> Option<Bytes> {
        let (cell, compress): (_, Compress) = match coding {
            Coding::Identity => return Some(self.content.clone()),
            Coding::Brotli => (&self.brotli, brotli),
            Coding::Gzip => (&self.gzip, gzip),
        };
        let content = &self.content;
        let make = || async {
            if !is_text_or_code(self.media_type) || content.len() < WORTH_IT {
                return None;
            }
            let content = content.clone();
            let length = content.len();
            let made = tokio::task::spawn_blocking(move || compress(&content)).await.ok()?.ok()?;
            (made.len() < length).then(|| Bytes::from(made))
        };
        cell.get_or_init(make).await.clone()
    }

    /// The content in that coding, unless making it would keep the caller waiting: who comes while a large file is
    /// being compressed gets it as it is.
    async fn in_coding_by_now(&self, coding: Coding) -> Option<Bytes> {
        if self.content.len() <= QUICKLY_MADE {
            return self.in_coding(coding).await;
        }
        match coding {
            Coding::Identity => None,
            Coding::Brotli => self.brotli.get().cloned().flatten(),
            Coding::Gzip => self.gzip.get().cloned().flatten(),
        }
    }

    async fn answer(&self, asked: &HeaderMap, by_content: bool) -> Response {
        let (coding, content) = match best_coding(asked) {
            Coding::Identity => (Coding::Identity, self.content.clone()),
            coding => match self.in_coding_by_now(coding).await {
                Some(content) => (coding, content),
                None => (Coding::Identity, self.content.clone()),
            },
        };
        // Each coding is a representation with a tag of its own (RFC 9110 §8.8.3).
        let suffix = coding.name().unwrap_or("identity");
        let tag = format!("\"{}-{suffix}\"", self.digest);
        let known =
            asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok()).any(|line| {
                line.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
            });
        let mut response =
            if known { StatusCode::NOT_MODIFIED.into_response() } else { (StatusCode::OK, content).into_response() };
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_TYPE);
        if !known {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type));
            if let Some(name) = coding.name() {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
            }
        }
        if let Ok(tag) = HeaderValue::try_from(tag) {
            headers.insert(header::ETAG, tag);
        }
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        // The files are small: a part of one is never sent, which every server may decide (RFC 9110 §14.2).
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
        headers.insert(header::CACHE_CONTROL, if by_content { IMMUTABLE } else { REVALIDATED });
        response
    }
}

impl Coding {
    fn name(self) -> Option<&'static str> {
        match self {
            Coding::Identity => None,
            Coding::Brotli => Some("br"),
            Coding::Gzip => Some("gzip"),
        }
    }
}

/// The best coding that the caller takes (RFC 9110 §12.5.3).
fn best_coding(asked: &HeaderMap) -> Coding {
    let takes = |name: &str| {
        asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok()).any(|line| {
            line.split(',').any(|one| {
                let mut parts = one.split(';').map(str::trim);
                let is_it = parts.next().is_some_and(|coding| coding.eq_ignore_ascii_case(name));
                is_it && !parts.any(|weight| weight.strip_prefix("q=").and_then(|q| q.parse().ok()) == Some(0.0_f32))
            })
        })
    };
    if takes("br") {
        Coding::Brotli
    } else if takes("gzip") {
        Coding::Gzip
    } else {
        Coding::Identity
    }
}

fn collect(folder: &Path, prefix: &str, deepest: u32, into: &mut BTreeMap<String, Arc<File>>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        // A name that is no text can be in no URL of ours.
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
        let path = format!("{prefix}/{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() && deepest > 0 {
            collect(&entry.path(), &path, deepest - 1, into)?;
        } else if kind.is_file() && entry.metadata()?.len() <= LARGEST {
            let file = entry.path();
            if COMPRESSED.iter().any(|suffix| name.strip_suffix(suffix).is_some_and(|of| folder.join(of).is_file())) {
                continue;
            }
            let [brotli, gzip] = COMPRESSED.map(|suffix| compressed(&file, &folder.join(format!("{name}{suffix}"))));
            let file = File::new(&path, std::fs::read(&file)?, brotli, gzip);
            into.insert(path, Arc::new(file));
        }
    }
    Ok(())
}

/// What the build has made of the file, unless the file is a later one.
fn compressed(file: &Path, made: &Path) -> Option<Vec<u8>> {
    let changed = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    (changed(made)? >= changed(file)?).then(|| std::fs::read(made).ok()).flatten()
}

fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut made = Vec::new();
    // The last percents take the build's time and memory (`scripts/compress`), not a server's: 150 MB for one file.
    let parameters = ::brotli::enc::BrotliEncoderParams { quality: 9, lgwin: 20, ..Default::default() };
    ::brotli::BrotliCompress(&mut &content[..], &mut made, &parameters)?;
    Ok(made)
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

fn is_text_or_code(media_type: &str) -> bool {
    !matches!(media_type, "image/png" | "image/webp" | "image/jpeg" | "font/woff2")
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "wasm" => "application/wasm",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "html" => "text/html; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "ico" => "image/x-icon",
        "png" => "image/png",
        "webp" => "image/webp",
        "jpg" | "jpeg" => "image/jpeg",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
