//! The command line: what can be asked of the program, and the commands that end by themselves.

mod clients;
mod keys;
mod users;

use super::config::{Config, ConfigError, Flags};
use super::database;
use super::server::StartError;
use crate::audit_log::{AuditLog, Happened};
use crate::auth_server::accounts::{AddError, Unfit};
use crate::clock::Clock;
use crate::storage::StorageError;
use crate::wire::role::Role;
use clap::Parser;
use std::sync::Arc;

/// Three Keys: one wiki guarded three ways, by HTTP Basic, JSON Web Tokens and OAuth 2.
#[derive(Debug, Parser)]
#[command(name = "three-keys", version)]
pub struct Arguments {
    /// What to do; serving is the default.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Settings.
    #[command(flatten)]
    pub flags: Flags,
}

impl Arguments {
    /// Whether it is to serve.
    pub fn serves(&self) -> bool {
        matches!(self.command, None | Some(Command::Serve))
    }
}

/// What the program can do.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum Command {
    /// Serves until it is told to stop.
    Serve,
    /// Adds, lists, changes and removes accounts.
    #[command(subcommand)]
    User(users::UserCommand),
    /// Adds, lists and removes client applications.
    #[command(subcommand)]
    Client(clients::ClientCommand),
    /// Looks at the authorization server's signing keys, or rotates them.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Looks at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// What can be done with the configuration.
#[derive(Debug, Clone, Copy, clap::Subcommand)]
pub enum ConfigCommand {
    /// Shows every setting in effect and where it comes from, or what is wrong with one.
    Check,
}

/// Why a command was not done. Each message is one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database or a key cannot be used.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The database fails.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The account cannot be kept.
    #[error(transparent)]
    Account(#[from] AddError),
    /// A name or a password is not fit.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The password cannot be read.
    #[error("the password could not be read ({0}); type it at the prompt, or add --password-stdin and send it there")]
    Password(std::io::Error),
    /// Something is asked for that is not, or is already, or does not go together.
    #[error("{0}")]
    Refused(String),
}

fn refused(words: impl Into<String>) -> CommandError {
    CommandError::Refused(words.into())
}

/// Does what was asked and answers with the lines to print; `None` when it is to serve.
///
/// # Errors
/// A sentence that says what to do.
pub async fn run(arguments: &Arguments, config: &Config, clock: &Clock) -> Result<Option<Vec<String>>, CommandError> {
    let command = match &arguments.command {
        None | Some(Command::Serve) => return Ok(None),
        Some(Command::Config(ConfigCommand::Check)) => return Ok(Some(explain(&arguments.flags)?)),
        Some(command) => command,
    };
    let database = database::open(config).await?;
    let storage = Arc::new(database.clone());
    let now = clock.now();
    let lines = match command {
        Command::User(command) => users::run(command, storage.clone(), now).await?,
        Command::Client(command) => clients::run(command, storage.clone(), now).await?,
        Command::Keys(command) => keys::run(*command, storage.clone(), config, now).await?,
        Command::Serve | Command::Config(_) => Vec::new(),
    };
    if let Some(happened) = happened(command) {
        let audit = AuditLog::start(storage, clock.clone());
        audit.record(Happened { key: "command_line", ..happened }).await;
        audit.flush().await;
    }
    database.close().await;
    Ok(Some(lines))
}

/// What the audit log should say of a command; nothing where it only looks.
fn happened(command: &Command) -> Option<Happened<'_>> {
    match command {
        Command::User(command) => command.happened(),
        Command::Client(command) => command.happened(),
        Command::Keys(keys::KeysCommand::Rotate) => Some(Happened { action: "rotate_keys", ..Happened::default() }),
        Command::Keys(keys::KeysCommand::List) | Command::Serve | Command::Config(_) => None,
    }
}

fn explain(flags: &Flags) -> Result<Vec<String>, ConfigError> {
    let settings = Config::explain(flags)?;
    let longest = |length: fn(&super::config::Setting) -> usize| settings.iter().map(length).max().unwrap_or_default();
    let (keys, values) = (longest(|setting| setting.key.len()), longest(|setting| setting.value.len()));
    let line = |setting: &super::config::Setting| {
        format!("{:keys$}  {:values$}  {}", setting.key, setting.value, setting.source)
    };
    Ok(settings.iter().map(line).collect())
}

fn role(name: &str) -> Result<Role, String> {
    Role::parse(name).ok_or_else(|| "write viewer, editor, admin or auditor".to_owned())
}
