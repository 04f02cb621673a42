//! The configuration file and the variables: whatever they hold, the program starts, or says in words why not.

use crate::mutation::text_near;
use crate::runner::fuzz;
use proptest::prelude::*;
use three_keys::host::config::{Config, Flags};

const OF_SETTINGS: [&str; 16] = [
    "listen",
    "issuer",
    "data_dir",
    "demo",
    "= true",
    "= \"\"",
    "[",
    "]]",
    "\"\"\"",
    "0.0.0.0:80",
    "[::1]:1",
    "https://",
    "\n",
    "1979-05-27",
    "{a=",
    "\\u{",
];

#[test]
fn any_file_is_a_configuration_or_an_explained_mistake() {
    let valid = [
        "listen = \"127.0.0.1:4000\"\nissuer = \"https://keys.example\"\ndata_dir = \"data\"\ndemo = false\nbehind_proxy = true\n",
        "database_url = \"sqlite:x.db\"\nkey_encryption_secret = \"a long secret\"\nsite_root = \"site\"\n",
    ];
    let issuers = ["https://keys.example", "http://127.0.0.1:3000", "http://[::1]:80"];
    let inputs = (text_near(valid, &OF_SETTINGS), text_near(issuers, &["/", "@", "#", "?", "%", "\\", "evil.example"]));
    fuzz("configuration", &inputs, |(file, issuer)| {
        let mut outcome = Ok(());
        figment::Jail::expect_with(|jail| {
            jail.create_file("three-keys.toml", &file)?;
            // A variable cannot hold a zero byte.
            jail.set_env("THREE_KEYS_ISSUER", issuer.replace('\0', ""));
            outcome = check();
            Ok(())
        });
        outcome
    });
}

fn check() -> Result<(), TestCaseError> {
    let words = match Config::load(&Flags::default()).map(|config| config.check().map(|()| config)) {
        Err(error) | Ok(Err(error)) => error.to_string(),
        Ok(Ok(config)) => {
            prop_assert!(config.listen.ip().is_loopback() || config.behind_proxy || config.tls);
            let issuer = reqwest::Url::parse(&config.issuer(config.listen)).expect("a URL");
            prop_assert!(issuer.path() == "/" && issuer.username().is_empty() && issuer.fragment().is_none());
            return Ok(());
        }
    };
    prop_assert!(!words.is_empty() && !words.contains("a long secret"), "{}", words);
    Ok(())
}
