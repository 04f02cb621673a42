//! The attacks on HTTP Basic. Wrong passwords and changes of password are tried on guest accounts, made for that alone.

use super::careless::{CarelessMemory, guess_without_throttle, helpful_sign_in, read_in_the_log};
use super::{Careless, Outcome, Said, refused};
use crate::ui::client::{Answered, basic_header, call};
use crate::ui::oauth::{Failure, origin};
use crate::ui::session;
use serde_json::json;

const JSON: (&str, &str) = ("Content-Type", "application/json");

/// What people choose, in the order of the lists that attackers use.
const GUESSES: [&str; 12] = [
    "123456",
    "password",
    "123456789",
    "qwerty",
    "12345678",
    "111111",
    "letmein",
    "iloveyou",
    "admin",
    "welcome",
    "sunshine",
    "dragon",
];

/// A throw-away account.
struct Guest {
    username: String,
    password: String,
}

async fn guest() -> Result<Guest, Failure> {
    let answered = call("POST", &format!("{}/api/basic/guest", origin()?), &[JSON], Some("{}")).await?;
    let json = answered.json();
    let member = |name: &str| json[name].as_str().map(ToOwned::to_owned);
    match (member("username"), member("password")) {
        (Some(username), Some(password)) => Ok(Guest { username, password }),
        _ => Err(refused(&answered)),
    }
}

async fn get(path: &str, header: &str) -> Result<Answered, Failure> {
    Ok(call("GET", &format!("{}{path}", origin()?), &[("Authorization", header)], None).await?)
}

pub(super) async fn replay() -> Result<Outcome, Failure> {
    let (username, password) =
        session::basic().map_or(("bob".to_owned(), "open:sesame".to_owned()), |known| (known.username, known.password));
    let captured = basic_header(&username, &password);
    let said = vec![
        Said::by_server("The captured header", &get("/api/basic/pages", &captured).await?),
        Said::by_server("The same for the second realm", &get("/api/basic/audit", &captured).await?),
    ];
    let read = read_in_the_log(&captured).ok_or("There was nothing to read in it.".to_owned());
    Ok(Outcome { said, careless: Careless::of(read.map(|read| format!("In its log anybody reads: {read}"))) })
}

pub(super) async fn guess() -> Result<Outcome, Failure> {
    let victim = guest().await?;
    let mut said = Vec::new();
    for (place, guess) in GUESSES.iter().enumerate() {
        let answered = get("/api/basic/profile", &basic_header(&victim.username, guess)).await?;
        let is_throttled = answered.status == 429;
        if place == 0 || is_throttled {
            let asked = format!("Guess {}, “{guess}”", place + 1);
            let mut line = Said::by_server(&asked, &answered);
            if let Some(seconds) = answered.problem().retry_after {
                line.words = format!("{} (Retry-After: {seconds})", line.words);
            }
            said.push(line);
        }
        if is_throttled {
            break;
        }
    }
    let list = GUESSES.into_iter().chain([victim.password.as_str()]);
    Ok(Outcome { said, careless: Careless::of(guess_without_throttle(&victim.password, list)) })
}

pub(super) async fn enumerate() -> Result<Outcome, Failure> {
    let real = guest().await?;
    let mut said = Vec::new();
    let mut seen = Vec::new();
    for (asked, name) in
        [("A name that does not exist", "nobody-of-that-name"), ("A real name", real.username.as_str())]
    {
        let answered = get("/api/basic/profile", &basic_header(name, "wrong")).await?;
        said.push(Said::by_server(asked, &answered));
        seen.push((answered.status, answered.answer.body.clone(), answered.problem().challenge));
    }
    let same = if seen[0] == seen[1] { "the same: status, challenge and body" } else { "different" };
    if let Some(last) = said.last_mut() {
        last.words = format!("{}. The two answers are {same}.", last.words);
    }
    let accounts = [real.username.as_str()];
    let words = format!(
        "It answered “{}” and “{}”.",
        helpful_sign_in(&accounts, "nobody-of-that-name"),
        helpful_sign_in(&accounts, &real.username)
    );
    Ok(Outcome { said, careless: Careless { is_fooled: true, words } })
}

pub(super) async fn change_password() -> Result<Outcome, Failure> {
    let Guest { username, password } = guest().await?;
    let old = basic_header(&username, &password);
    let mut said = Vec::new();
    let applications = ["The mail client", "The backup script", "The stolen application"];
    for application in applications {
        said.push(Said::by_server(application, &get("/api/basic/profile", &old).await?));
    }
    let changed = format!("{password}-changed");
    let body = json!({"password": changed}).to_string();
    let url = format!("{}/api/basic/password", origin()?);
    let headers = [JSON, ("Authorization", old.as_str())];
    said.push(Said::by_server("You change the password", &call("PUT", &url, &headers, Some(&body)).await?));
    for application in applications {
        said.push(Said::by_server(application, &get("/api/basic/profile", &old).await?));
    }
    let new = get("/api/basic/profile", &basic_header(&username, &changed)).await?;
    said.push(Said::by_server("You, with the new password", &new));
    let mut memory = CarelessMemory::default();
    memory.remember(&old);
    Ok(Outcome { said, careless: Careless::of(memory.let_in(&old)) })
}
