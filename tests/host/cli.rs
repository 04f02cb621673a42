//! The commands of the built program. Where a server runs in the test too, it runs on threads of its own: this one waits
//! for the command, which waits for the database, which the server may just be writing.

use crate::support::{ALICE, AUDITOR, Answer, TestApp, basic};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The program, with that data folder and nothing of this machine's own settings.
pub(crate) fn program(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_three-keys"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("THREE_KEYS_")) {
        command.env_remove(name);
    }
    command.current_dir(data).args(arguments).arg("--data-dir").arg(data).env("RUST_LOG", "error");
    command.stdin(Stdio::null());
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    program(data, arguments).output().expect("the program runs")
}

fn run_with(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = program(data, arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    // A command that refuses does not read it.
    let _ = child.stdin.take().expect("its input").write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

/// What it prints when all is well.
fn well(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// What it says when it refuses: one line, and nothing on standard output.
fn refused(output: &Output) -> String {
    let said = String::from_utf8(output.stderr.clone()).expect("text");
    assert!(!output.status.success() && output.stdout.is_empty(), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    said
}

const ADD_DORA: [&str; 6] = ["user", "add", "dora", "--role", "editor", "--password-stdin"];

#[test]
fn an_account_is_added_listed_changed_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert!(well(&run_with(data, &ADD_DORA, "correct horse\n")).contains("added dora as editor"));
    assert!(well(&run(data, &["user", "list"])).contains("pages  editor   dora"));
    well(&run(data, &["user", "role", "dora", "admin"]));
    assert!(well(&run(data, &["user", "list"])).contains("pages  admin    dora"));
    well(&run_with(data, &["user", "passwd", "dora", "--password-stdin"], "battery staple"));
    let said = refused(&run(data, &["user", "remove", "dora"]));
    assert!(said.contains("last admin"), "{said}");
    well(&run_with(data, &["user", "add", "emil", "--role", "admin", "--password-stdin"], "correct horse\n"));
    well(&run(data, &["user", "remove", "dora"]));
    let said = refused(&run(data, &["user", "role", "emil", "viewer"]));
    assert!(said.contains("last admin"), "{said}");
    assert!(!well(&run(data, &["user", "list"])).contains("dora"));
}

#[test]
fn the_audit_realm_has_accounts_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let add = ["user", "add", "dora", "--realm", "audit", "--password-stdin"];
    well(&run_with(data, &add, "correct horse\n"));
    well(&run_with(data, &ADD_DORA, "another horse\n"));
    let list = well(&run(data, &["user", "list"]));
    assert!(list.contains("audit  auditor  dora") && list.contains("pages  editor   dora"), "{list}");
    assert!(refused(&run(data, &["user", "role", "dora", "admin", "--realm", "audit"])).contains("auditor"));
    well(&run(data, &["user", "remove", "dora", "--realm", "audit"]));
    assert!(well(&run(data, &["user", "list"])).contains("pages  editor   dora"));
}

#[test]
fn names_and_passwords_that_are_no_good_are_refused_and_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let said = refused(&run_with(data, &ADD_DORA, "hush-hu\n"));
    assert!(said.contains("8 characters") && !said.contains("hush"), "{said}");
    let said = refused(&run_with(data, &["user", "add", "do:ra", "--password-stdin"], "correct horse\n"));
    assert!(said.contains("colon"), "{said}");
    assert!(refused(&run(data, &["user", "add", "dora"])).contains("--password-stdin"));
    well(&run_with(data, &ADD_DORA, "correct horse\n"));
    assert!(refused(&run_with(data, &ADD_DORA, "correct horse\n")).contains("already"));
    for command in [&["user", "remove", "nobody"][..], &["user", "role", "nobody", "viewer"]] {
        assert!(refused(&run(data, command)).contains("there is no account \"nobody\""));
    }
    let said = refused(&run_with(data, &["user", "passwd", "nobody", "--password-stdin"], "correct horse\n"));
    assert!(said.contains("there is no account"), "{said}");
    assert!(!run(data, &["user", "role", "dora", "emperor"]).status.success());
    assert!(!run(data, &["user", "add", "x", "--password", "correct horse"]).status.success(), "there is no such flag");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_password_ends_the_sessions_grants_and_remembered_passwords_of_the_old_one_within_a_second() {
    let app = TestApp::start_now().await;
    let tokens = app.tokens("native-app", "openid offline_access pages:read", ALICE).await;
    let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let browser = app.browser();
    let page = browser.open(&app.authorization("native-app", "pages:read", &[])).await;
    browser.sign_in(&page, ALICE).await;
    assert!(!browser.open(&app.authorization("native-app", "pages:read", &[])).await.asks_for_password());
    let by_basic = async |password: &str| {
        Answer::of(app.get("/api/basic/pages").header("authorization", basic("alice", password))).await.status
    };
    let by_oauth = async || app.bearer(reqwest::Method::GET, "/api/oauth/pages", access).await.status;
    assert_eq!((by_basic("wonderland").await, by_oauth().await), (200, 200));

    well(&run_with(app.folder(), &["user", "passwd", "alice", "--password-stdin"], "correct horse\n"));
    let changed = Instant::now();

    assert!(browser.open(&app.authorization("native-app", "pages:read", &[])).await.asks_for_password());
    let answer = app.refresh("native-app", refresh).await;
    assert_eq!((answer.status, answer.error()), (400, "invalid_grant"));
    while by_basic("wonderland").await == 200 || by_oauth().await == 200 || app.is_active(access).await {
        assert!(changed.elapsed() < Duration::from_secs(1), "a guard still believes what it remembers");
    }
    assert_eq!(by_basic("correct horse").await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_is_added_works_until_it_is_removed() {
    let app = TestApp::start().await;
    let add =
        ["client", "add", "Report", "--id", "report", "--grant-type", "client_credentials", "--scope", "pages:read"];
    let said = well(&run(app.folder(), &add));
    let secret = said.lines().find_map(|line| line.strip_prefix("client_secret  ")).expect("a secret").to_owned();
    let fields = [("grant_type", "client_credentials"), ("scope", "pages:read")];
    let answer = app.form_as(("report", &secret), "/oauth/token", &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let list = well(&run(app.folder(), &["client", "list"]));
    assert!(list.lines().any(|line| line.starts_with("report ") && line.ends_with("Report")), "{list}");
    assert!(!list.contains(&secret));
    assert!(refused(&run(app.folder(), &add)).contains("already"));
    well(&run(app.folder(), &["client", "remove", "report"]));
    assert_eq!(app.form_as(("report", &secret), "/oauth/token", &fields).await.status, 401);
    let said = refused(&run(app.folder(), &["client", "remove", "report"]));
    assert!(said.contains("there is no client"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_command_changes_stands_in_the_audit_log_and_its_secrets_do_not() {
    let app = TestApp::start().await;
    let data = app.folder();
    well(&run_with(data, &["user", "add", "dora", "--password-stdin"], "correct horse\n"));
    well(&run_with(data, &["user", "passwd", "dora", "--password-stdin"], "battery staple\n"));
    well(&run(data, &["user", "role", "dora", "editor"]));
    well(&run(data, &["user", "remove", "dora"]));
    let secret =
        well(&run(data, &["client", "add", "Report", "--id", "report", "--redirect-uri", "https://r.example/"]));
    well(&run(data, &["client", "remove", "report"]));
    well(&run(data, &["keys", "rotate"]));
    for looks in [["user", "list"], ["client", "list"], ["keys", "list"]] {
        well(&run(data, &looks));
    }
    let log = Answer::of(app.get("/api/basic/audit?limit=100").basic_auth(AUDITOR.0, Some(AUDITOR.1))).await;
    let events = log.json.as_array().expect("a list").iter().filter(|event| event["key"] == "command_line");
    let mut seen: Vec<_> = events.map(|event| (event["action"].clone(), event["account"].clone())).collect();
    seen.reverse();
    let expected = [
        ("add_account", "dora"),
        ("change_password", "dora"),
        ("change_role", "dora"),
        ("remove_account", "dora"),
        ("add_client", ""),
        ("remove_client", ""),
        ("rotate_keys", ""),
    ];
    assert_eq!(seen, expected.map(|(action, account)| (action.into(), account.into())), "{}", log.text);
    let secret = secret.lines().find_map(|line| line.strip_prefix("client_secret  ")).expect("a secret");
    for secret in [secret, "correct horse", "battery staple"] {
        assert!(!log.text.contains(secret));
    }
}

#[test]
fn a_client_that_could_not_work_or_would_not_be_safe_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let add = |arguments: &[&str]| run(data, &[&["client", "add", "Report"], arguments].concat());
    assert!(refused(&add(&[])).contains("--redirect-uri"));
    assert!(refused(&add(&["--redirect-uri", "http://report.example/callback"])).contains("https"));
    assert!(refused(&add(&["--redirect-uri", "https://report.example/#x"])).contains("fragment"));
    assert!(refused(&add(&["--public", "--grant-type", "client_credentials"])).contains("--public"));
    assert!(refused(&add(&["--public", "--introspects"])).contains("--public"));
    assert!(refused(&add(&["--introspects", "--scope", "everything"])).contains("pages:read"));
    assert!(refused(&add(&["--introspects", "--id", "é"])).contains("ASCII"));
    let public = well(&add(&["--public", "--redirect-uri", "https://report.example/callback"]));
    assert!(public.contains("client_id") && !public.contains("client_secret"), "{public}");
}

#[test]
fn the_keys_are_listed_and_rotated() {
    let folder = tempfile::tempdir().unwrap();
    let lines = |command: &str| well(&run(folder.path(), &["keys", command])).lines().count();
    assert_eq!((lines("list"), lines("rotate"), lines("list")), (2, 4, 4));
}

#[test]
fn the_configuration_is_shown_with_its_sources_and_without_its_secret() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    std::fs::write(data.join("three-keys.toml"), "max_connections = 99\nkey_encryption_secret = \"hush-hush\"")
        .unwrap();
    let mut command = program(data, &["config", "check", "--log-format", "json"]);
    let shown = well(&command.env("THREE_KEYS_BEHIND_PROXY", "true").output().unwrap());
    let has = |parts: &[&str]| shown.lines().any(|line| parts.iter().all(|part| line.contains(part)));
    assert!(has(&["max_connections ", "99", "the file", "three-keys.toml"]), "{shown}");
    assert!(has(&["behind_proxy", "true", "the variable THREE_KEYS_BEHIND_PROXY"]), "{shown}");
    assert!(has(&["log_format", "json", "the flag --log-format"]), "{shown}");
    assert!(has(&["issuer", "http://127.0.0.1:3000", "the default"]), "{shown}");
    assert!(has(&["key_encryption_secret", "set, not shown", "three-keys.toml"]) && !shown.contains("hush"), "{shown}");
}

#[test]
fn a_setting_that_is_no_good_is_named_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("three-keys.toml"), "max_conections = 99").unwrap();
    let said = refused(&run(folder.path(), &["config", "check"]));
    assert!(said.contains("three-keys.toml") && said.contains("did you mean max_connections?"), "{said}");
    std::fs::write(folder.path().join("three-keys.toml"), "listen = \"0.0.0.0:80\"").unwrap();
    assert!(refused(&run(folder.path(), &["config", "check"])).contains("--behind-proxy"));
    assert!(refused(&run(folder.path(), &["user", "list", "--config", "nowhere.toml"])).contains("nowhere.toml"));
}

#[cfg(unix)]
#[test]
fn nobody_else_may_look_into_the_data_folder() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new");
    let output = Command::new(env!("CARGO_BIN_EXE_three-keys"))
        .args(["user", "list", "--data-dir"])
        .arg(&data)
        .current_dir(folder.path())
        .output()
        .unwrap();
    well(&output);
    assert_eq!(std::fs::metadata(data).unwrap().permissions().mode() & 0o777, 0o700);
}
