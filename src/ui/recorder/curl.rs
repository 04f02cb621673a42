//! An exchange as a command for curl, so that people can repeat it and change it.

use super::Exchange;

/// The command, in a form that every POSIX shell takes.
pub fn command(exchange: &Exchange) -> String {
    let mut command = format!("curl -i {}", quoted(&exchange.url));
    // What curl does by itself: GET, and POST where there is a body.
    let by_itself = if exchange.body.is_empty() { "GET" } else { "POST" };
    if exchange.method != by_itself {
        command.push_str(" -X ");
        command.push_str(&exchange.method);
    }
    for (name, value) in &exchange.headers {
        command.push_str(" \\\n  -H ");
        command.push_str(&quoted(&format!("{name}: {value}")));
    }
    if !exchange.body.is_empty() {
        command.push_str(" \\\n  --data-raw ");
        command.push_str(&quoted(&exchange.body));
    }
    command
}

/// Single quotes keep everything as it is, but for the single quote itself.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::command;
    use crate::ui::recorder::{Crossing, Exchange};

    fn exchange(method: &str, body: &str) -> Exchange {
        Exchange {
            id: 1,
            crossing: Crossing::Script,
            method: method.to_owned(),
            url: "http://127.0.0.1:3000/a?b=c".to_owned(),
            headers: vec![("accept".to_owned(), "it's".to_owned())],
            body: body.to_owned(),
            answer: None,
            milliseconds: None,
            failed: false,
            is_struck: false,
        }
    }

    #[test]
    fn the_shell_passes_everything_on_as_it_is() {
        assert_eq!(
            command(&exchange("PUT", r#"{"a":"it's $HOME"}"#)),
            "curl -i 'http://127.0.0.1:3000/a?b=c' -X PUT \\\n  -H 'accept: it'\\''s' \\\n  --data-raw '{\"a\":\"it'\\''s $HOME\"}'"
        );
        assert!(!command(&exchange("GET", "")).contains("-X"));
        assert!(!command(&exchange("POST", "x")).contains("-X"), "a body makes curl POST by itself");
        assert!(command(&exchange("POST", "")).contains("-X POST"));
    }
}
