//! Where settings come from: built-in defaults, `three-keys.toml`, `THREE_KEYS_*` variables, flags; later wins.

use super::{Config, Flags};
use figment::Figment;
use figment::error::Kind;
use figment::providers::{Env, Format as _, Serialized, Toml};
use std::fmt;
use std::path::PathBuf;

/// Which variables with our prefix are no settings: where the file is, and what the build and the tests read.
const NO_SETTINGS: [&str; 3] = ["config", "tools", "vectors"];
/// What is never shown.
const SECRET: &str = "key_encryption_secret";

/// The layers, first to last.
pub(super) struct Sources {
    file: Figment,
    variables: Figment,
    flags: Figment,
    all: Figment,
}

/// A setting that a source gives and that does not fit.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file that was named is not there.
    #[error("there is no configuration file {0:?}; create it, or name another with --config")]
    NoFile(PathBuf),
    /// No setting has that name.
    #[error("{0} is no setting{1}")]
    Unknown(Place, Suggestion),
    /// The value does not fit.
    #[error("{0} cannot be used: {1}")]
    Unfit(Place, String),
}

/// Where a setting was given.
#[derive(Debug)]
pub struct Place {
    key: String,
    source: Source,
}

/// The name that was meant, perhaps.
#[derive(Debug)]
pub struct Suggestion(Option<String>);

/// A setting in effect.
#[derive(Debug)]
pub struct Setting {
    /// Its name in the file.
    pub key: String,
    /// Its value, unless it is secret.
    pub value: String,
    /// Where it was given.
    pub source: Source,
}

/// One of the layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Built in.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// A variable of the environment.
    Variable(String),
    /// A flag of the command line.
    Flag(String),
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Default => formatter.write_str("the default"),
            Source::File(path) => write!(formatter, "the file {}", path.display()),
            Source::Variable(name) => write!(formatter, "the variable {name}"),
            Source::Flag(name) => write!(formatter, "the flag {name}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key.is_empty() {
            return self.source.fmt(formatter);
        }
        write!(formatter, "{} in {}", self.key, self.source)
    }
}

impl fmt::Display for Suggestion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(name) => write!(formatter, "; did you mean {name}?"),
            None => formatter.write_str("; `three-keys config check` lists those that there are"),
        }
    }
}

impl Sources {
    pub(super) fn of(flags: &Flags) -> Result<Self, SourceError> {
        let named = flags.config.clone().or_else(|| std::env::var_os("THREE_KEYS_CONFIG").map(PathBuf::from));
        let toml = match named {
            Some(path) if !path.is_file() => return Err(SourceError::NoFile(path)),
            Some(path) => Toml::file_exact(path),
            None => Toml::file("three-keys.toml"),
        };
        let variables = Env::prefixed("THREE_KEYS_").ignore(&NO_SETTINGS);
        let flags = Serialized::defaults(flags.clone());
        let all = Figment::from(Serialized::defaults(Config::default())).merge(&toml).merge(&variables).merge(&flags);
        Ok(Self { file: Figment::from(toml), variables: Figment::from(variables), flags: Figment::from(flags), all })
    }

    pub(super) fn extract(&self) -> Result<Config, SourceError> {
        self.all.extract().map_err(|error| self.refusal(&error))
    }

    fn source(&self, key: &str) -> Source {
        if self.flags.contains(key) {
            Source::Flag(format!("--{}", key.replace('_', "-")))
        } else if self.variables.contains(key) {
            Source::Variable(format!("THREE_KEYS_{}", key.to_ascii_uppercase()))
        } else if self.file.contains(key) {
            self.file_source()
        } else {
            Source::Default
        }
    }

    fn file_source(&self) -> Source {
        let path = self.file.metadata().find_map(|metadata| metadata.source.as_ref()?.file_path());
        Source::File(path.map_or_else(|| PathBuf::from("three-keys.toml"), PathBuf::from))
    }

    fn refusal(&self, error: &figment::Error) -> SourceError {
        if let Kind::UnknownField(name, known) = &error.kind {
            let place = Place { key: name.clone(), source: self.source(name) };
            return SourceError::Unknown(place, Suggestion(nearest(name, known)));
        }
        let Some(key) = error.path.first() else {
            // The file is no TOML. The message quotes the line, which may hold the secret: only where, and what.
            let message = error.kind.to_string();
            let mut lines = message.lines().filter(|line| !line.trim().is_empty());
            let (first, last) = (lines.next().unwrap_or_default(), lines.next_back());
            let detail = last.map_or_else(|| first.to_owned(), |last| format!("{first}: {last}"));
            return SourceError::Unfit(Place { key: String::new(), source: self.file_source() }, detail);
        };
        let detail = if key == SECRET { "it must be text, in quotes".to_owned() } else { error.kind.to_string() };
        SourceError::Unfit(Place { key: key.clone(), source: self.source(key) }, detail)
    }

    pub(super) fn explain(&self, config: &Config) -> Vec<Setting> {
        let Ok(serde_json::Value::Object(values)) = serde_json::to_value(config) else { return Vec::new() };
        let mut settings: Vec<Setting> = values
            .into_iter()
            .map(|(key, value)| {
                let value = match (key.as_str(), value) {
                    ("issuer", serde_json::Value::Null) => config.issuer(config.listen),
                    ("database_url", serde_json::Value::Null) => config.database_url(),
                    ("site_root", serde_json::Value::Null) => config.site_root().display().to_string(),
                    (_, serde_json::Value::Null) => "none".to_owned(),
                    (_, serde_json::Value::String(text)) => text,
                    (_, other) => other.to_string(),
                };
                Setting { source: self.source(&key), key, value }
            })
            .collect();
        let secret = if config.key_encryption_secret.is_some() { "set, not shown" } else { "none" };
        settings.push(Setting { key: SECRET.to_owned(), value: secret.to_owned(), source: self.source(SECRET) });
        settings.sort_by(|one, other| one.key.cmp(&other.key));
        settings
    }
}

/// The known name that takes the fewest changes, if they are few.
fn nearest(name: &str, known: &[&str]) -> Option<String> {
    let (distance, nearest) = known.iter().map(|known| (distance(name, known), *known)).min()?;
    (distance <= 3).then(|| nearest.to_owned())
}

/// The least number of letters to add, remove or replace (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = line + 1;
        for (place, known) in other.iter().enumerate() {
            let replaced = before + usize::from(letter != *known);
            before = row[place + 1];
            row[place + 1] = replaced.min(before + 1).min(row[place] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::super::{Config, ConfigError, Flags};
    use super::Source;
    use clap::{Args as _, FromArgMatches as _};

    fn flags(arguments: &[&str]) -> Flags {
        let command = Flags::augment_args(clap::Command::new("three-keys"));
        let matches = command.get_matches_from(std::iter::once(&"three-keys").chain(arguments));
        Flags::from_arg_matches(&matches).unwrap()
    }

    fn load(arguments: &[&str]) -> Result<Config, ConfigError> {
        Config::load(&flags(arguments))
    }

    fn refusal(arguments: &[&str]) -> String {
        load(arguments).unwrap_err().to_string()
    }

    #[test]
    fn later_sources_win() {
        figment::Jail::expect_with(|jail| {
            assert_eq!(load(&[]).unwrap().listen.port(), 3000);
            jail.create_file("three-keys.toml", "listen = \"127.0.0.1:4000\"\ndata_dir = \"elsewhere\"")?;
            assert_eq!(load(&[]).unwrap().listen.port(), 4000);
            jail.set_env("THREE_KEYS_LISTEN", "127.0.0.1:5000");
            assert_eq!(load(&[]).unwrap().listen.port(), 5000);
            let config = load(&["--listen", "127.0.0.1:6000"]).unwrap();
            assert_eq!(config.listen.port(), 6000);
            assert_eq!(config.database_url(), "sqlite:elsewhere/three-keys.db");
            Ok(())
        });
    }

    #[test]
    fn a_bad_setting_is_named_with_its_source() {
        figment::Jail::expect_with(|jail| {
            jail.create_file("three-keys.toml", "listen = \"nowhere\"")?;
            let message = refusal(&[]);
            assert!(message.contains("listen") && message.contains("three-keys.toml"), "{message}");
            jail.create_file("three-keys.toml", "max_connections = 0")?;
            assert!(refusal(&[]).contains("max_connections in the file"));
            jail.create_file("three-keys.toml", "")?;
            jail.set_env("THREE_KEYS_REQUEST_TIMEOUT_SECONDS", "soon");
            assert!(refusal(&[]).contains("the variable THREE_KEYS_REQUEST_TIMEOUT_SECONDS"));
            jail.set_env("THREE_KEYS_REQUEST_TIMEOUT_SECONDS", "9");
            assert!(refusal(&["--listen", "here"]).contains("listen in the flag --listen"));
            Ok(())
        });
    }

    #[test]
    fn an_unknown_setting_is_named_with_the_one_that_was_meant() {
        figment::Jail::expect_with(|jail| {
            jail.create_file("three-keys.toml", "lisen = \"127.0.0.1:1\"")?;
            let message = refusal(&[]);
            assert!(message.contains("lisen in the file") && message.contains("did you mean listen?"), "{message}");
            jail.create_file("three-keys.toml", "")?;
            jail.set_env("THREE_KEYS_COLOUR_OF_THE_SKY", "blue");
            let message = refusal(&[]);
            assert!(message.contains("THREE_KEYS_COLOUR_OF_THE_SKY") && !message.contains("did you mean"), "{message}");
            Ok(())
        });
    }

    #[test]
    fn a_file_that_is_named_must_be_there_and_be_toml() {
        figment::Jail::expect_with(|jail| {
            assert!(refusal(&["--config", "other.toml"]).contains("other.toml"));
            jail.create_file("other.toml", "listen = \"127.0.0.1:7000\"")?;
            assert_eq!(load(&["--config", "other.toml"]).unwrap().listen.port(), 7000);
            jail.create_file("other.toml", "key_encryption_secret = hush-hush")?;
            let message = refusal(&["--config", "other.toml"]);
            assert!(message.contains("other.toml") && message.contains("line 1"), "{message}");
            assert!(!message.contains("hush"), "{message}");
            Ok(())
        });
    }

    #[test]
    fn a_secret_is_in_no_message_and_in_no_explanation() {
        figment::Jail::expect_with(|jail| {
            jail.set_env("THREE_KEYS_KEY_ENCRYPTION_SECRET", "471147114711");
            let message = refusal(&[]);
            assert!(message.contains("KEY_ENCRYPTION_SECRET") && !message.contains("4711"), "{message}");
            jail.set_env("THREE_KEYS_KEY_ENCRYPTION_SECRET", "hush-hush");
            let settings = Config::explain(&flags(&["--demo"])).unwrap();
            assert!(!format!("{settings:?}").contains("hush"));
            let source = |key: &str| settings.iter().find(|setting| setting.key == key).unwrap().source.clone();
            assert_eq!(source("demo"), Source::Flag("--demo".to_owned()));
            assert_eq!(
                source("key_encryption_secret"),
                Source::Variable("THREE_KEYS_KEY_ENCRYPTION_SECRET".to_owned())
            );
            assert_eq!(source("listen"), Source::Default);
            Ok(())
        });
    }
}
