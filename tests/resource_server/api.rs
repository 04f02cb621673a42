//! What is true of every call: content types, methods, malformed input, limits. Never a 5xx.

use crate::support::{ALICE, Answer, BOB, TestApp};
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

fn expect_problem(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text);
    assert_eq!(answer.json["status"].as_u64(), Some(u64::from(status)));
    assert!(answer.json["title"].is_string() && answer.json["detail"].is_string(), "{}", answer.text);
}

#[tokio::test]
async fn an_unknown_operation_is_a_404_problem() {
    let app = TestApp::start().await;
    for path in
        ["/api", "/api/", "/api/nope", "/api/basic", "/api/basic/pages/", "/api/basic/../jwt/x", "/api/oauth/%00"]
    {
        let answer = Answer::of(app.get(path)).await;
        assert!(answer.status == 404 || answer.status == 400, "{path}: {}", answer.status);
    }
    expect_problem(&Answer::of(app.get("/api/nope")).await, 404);
}

#[tokio::test]
async fn another_method_is_a_405_problem_that_names_the_right_ones() {
    let app = TestApp::start().await;
    let answer = Answer::of(app.request(Method::POST, "/api/basic/pages")).await;
    expect_problem(&answer, 405);
    assert_eq!(answer.header("allow"), "GET");
    let answer = Answer::of(app.request(Method::PATCH, "/api/jwt/page")).await;
    expect_problem(&answer, 405);
    assert_eq!(answer.header("allow"), "DELETE, GET, PUT");
}

#[tokio::test]
async fn a_body_that_is_not_json_is_415_and_an_unwelcome_answer_is_406() {
    let app = TestApp::start().await;
    let put = || app.request(Method::PUT, "/api/basic/page").basic_auth(ALICE.0, Some(ALICE.1));
    let page = r#"{"slug":"a","title":"t","body":"","version":0}"#;
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx"] {
        expect_problem(&Answer::of(put().header("content-type", media_type).body(page)).await, 415);
    }
    expect_problem(&Answer::of(put().body(page)).await, 415);
    expect_problem(&Answer::of(app.get("/api/open/pages").header("accept", "text/csv")).await, 406);
    assert_eq!(
        Answer::of(put().header("content-type", "application/json; charset=utf-8").body(page)).await.status,
        200
    );
}

#[tokio::test]
async fn malformed_bodies_are_400_problems() {
    let app = TestApp::start().await;
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(10));
    let bodies: [&[u8]; 9] = [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\"text\"",
        b"{\"slug\":1,\"title\":\"t\",\"body\":\"\",\"version\":0}",
        b"{\"slug\":\"a\",\"slug\":\"b\",\"title\":\"t\",\"body\":\"\",\"version\":0}",
        b"{\"slug\":\"a\",\"title\":\"\xff\",\"body\":\"\",\"version\":0}",
        deep.as_bytes(),
    ];
    for body in bodies {
        let request = app.request(Method::PUT, "/api/basic/page").basic_auth(ALICE.0, Some(ALICE.1));
        let answer = Answer::of(request.header("content-type", "application/json").body(body.to_vec())).await;
        expect_problem(&answer, 400);
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_413() {
    let app = TestApp::start().await;
    let request = app.request(Method::PUT, "/api/basic/page").basic_auth(ALICE.0, Some(ALICE.1));
    let answer = Answer::of(request.header("content-type", "application/json").body(vec![b' '; 1024 * 1024])).await;
    expect_problem(&answer, 413);
}

#[tokio::test]
async fn malformed_queries_are_400_problems() {
    let app = TestApp::start().await;
    for query in ["", "?", "?slug", "?slug=%ff", "?slug=%", "?slug=a&slug=b", "?slug=..%2f..%2fetc", "?version=x"] {
        let answer = Answer::of(app.get(&format!("/api/basic/page{query}")).basic_auth(BOB.0, Some(BOB.1))).await;
        expect_problem(&answer, 400);
    }
}

#[tokio::test]
async fn a_browser_that_asks_for_html_is_not_sent_back_to_where_it_came_from() {
    let app = TestApp::start().await;
    let request =
        app.get("/api/basic/pages").header("accept", "text/html,*/*;q=0.8").header("referer", app.url("/basic"));
    let answer = Answer::of(request).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("location"), "");
}

#[tokio::test]
async fn answers_of_the_doors_are_never_cached_and_take_no_cookie() {
    let app = TestApp::start().await;
    let answer = Answer::of(app.get("/api/basic/pages").basic_auth(BOB.0, Some(BOB.1))).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

/// Bytes that no HTTP library would send.
#[tokio::test]
async fn line_32_bytes_on_the_wire_that_are_no_good_request_get_a_4xx_and_hurt_nobody() {
    let app = TestApp::start().await;
    let address = app.base.trim_start_matches("http://").to_owned();
    let huge =
        format!("GET /api/basic/pages HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {}\r\n\r\n", "A".repeat(64 * 1024));
    let giant = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "A".repeat(2 * 1024 * 1024));
    let requests: [&[u8]; 7] = [
        b"nonsense\r\n\r\n",
        b"GET /api/basic/pages HTTP/1.1\r\nHost: x\r\nAuthorization: Basic \xff\xfe\r\nConnection: close\r\n\r\n",
        b"GET /api/oauth/pages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xc3\xa9\r\nConnection: close\r\n\r\n",
        b"GET /api/oauth/pages HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n",
        b"GET /%zz%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        huge.as_bytes(),
        giant.as_bytes(),
    ];
    for request in requests {
        let mut stream = tokio::net::TcpStream::connect(&address).await.expect("a connection");
        let (mut reading, mut writing) = stream.split();
        let mut answer = vec![0; 64];
        let shown = String::from_utf8_lossy(&request[..40.min(request.len())]).into_owned();
        // The server may answer and hang up before it has read everything.
        let (_, read) = tokio::join!(writing.write_all(request), async {
            tokio::time::timeout(std::time::Duration::from_secs(10), reading.read(&mut answer)).await
        });
        let read = read.expect("no hang").unwrap_or(0);
        if read > 0 {
            let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
            assert!(answer.starts_with("HTTP/1.1 4"), "{shown}: {answer}");
        }
    }
    assert_eq!(Answer::of(app.get("/api/open/pages")).await.status, 200, "everybody else is served");
}
