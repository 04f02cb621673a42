//! `three-keys user`: accounts. A password is never an argument, which other users of the machine could see.

use super::{CommandError, refused, role};
use crate::audit_log::Happened;
use crate::auth_server::accounts::{Accounts, check_password, check_username};
use crate::random::Random;
use crate::storage::accounts::{AccountChange, Accounts as _, Changed, Realm};
use crate::storage::sqlite::Sqlite;
use crate::wire::role::Role;
use std::io::{BufRead as _, IsTerminal as _, stdin};
use std::sync::Arc;

/// What can be done with accounts.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum UserCommand {
    /// Adds an account; the password is asked for.
    Add {
        #[command(flatten)]
        who: Who,
        /// What it may do: viewer, editor or admin; in the realm audit, auditor.
        #[arg(long, value_parser = role)]
        role: Option<Role>,
        #[command(flatten)]
        password: PasswordFrom,
    },
    /// Lists the accounts: realm, role and name.
    List,
    /// Gives an account another password, and ends its sessions and tokens.
    Passwd {
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        password: PasswordFrom,
    },
    /// Changes what an account may do, and ends its sessions and tokens.
    Role {
        #[command(flatten)]
        who: Who,
        /// What it may do: viewer, editor or admin.
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Removes an account, its sessions and tokens.
    Remove {
        #[command(flatten)]
        who: Who,
    },
}

/// An account.
#[derive(Debug, Clone, clap::Args)]
pub struct Who {
    /// The account's name.
    name: String,
    /// The realm that it is for: pages, or audit, which has credentials of its own.
    #[arg(long, default_value = "pages", value_parser = realm)]
    realm: Realm,
}

/// Where the password comes from.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct PasswordFrom {
    /// Takes the password from the first line of standard input instead of asking.
    #[arg(long)]
    password_stdin: bool,
}

impl UserCommand {
    /// What the audit log should say of it; nothing where it only looks.
    pub(super) fn happened(&self) -> Option<Happened<'_>> {
        let (who, action) = match self {
            UserCommand::Add { who, .. } => (who, "add_account"),
            UserCommand::Passwd { who, .. } => (who, "change_password"),
            UserCommand::Role { who, .. } => (who, "change_role"),
            UserCommand::Remove { who } => (who, "remove_account"),
            UserCommand::List => return None,
        };
        Some(Happened { account: &who.name, action, ..Happened::default() })
    }
}

fn realm(name: &str) -> Result<Realm, String> {
    Realm::parse(name).ok_or_else(|| "write pages or audit".to_owned())
}

pub(super) async fn run(command: &UserCommand, storage: Arc<Sqlite>, now: i64) -> Result<Vec<String>, CommandError> {
    let random = Random::system();
    let accounts = Accounts::new(storage.clone(), &random)?;
    let done = |words: String| Ok(vec![words]);
    match command {
        UserCommand::List => {
            let line = |(realm, account): &(Realm, crate::storage::accounts::Account)| {
                format!("{:5}  {:7}  {}", realm.as_str(), account.role.as_str(), account.username)
            };
            Ok(storage.accounts().await?.iter().map(line).collect())
        }
        UserCommand::Add { who, role, password } => {
            check_username(&who.name)?;
            let role = role.unwrap_or(if who.realm == Realm::Audit { Role::Auditor } else { Role::Viewer });
            check_role(who.realm, role)?;
            let password = password.read()?;
            if !accounts.add(who.realm, &who.name, &password, role, &random, now).await? {
                return Err(refused(format!(
                    "there is an account {:?} in the realm {} already; `three-keys user passwd` gives it another password",
                    who.name,
                    who.realm.as_str()
                )));
            }
            done(format!("added {} as {}", who.name, role.as_str()))
        }
        UserCommand::Passwd { who, password } => {
            // Asked before the password is, so that nobody types one for nothing.
            who.check_known(&storage).await?;
            let password = password.read()?;
            who.check(accounts.set_password(who.realm, &who.name, &password, &random, now).await?)?;
            done(format!("{} has another password; its sessions and tokens have ended", who.name))
        }
        UserCommand::Role { who, role } => {
            check_role(who.realm, *role)?;
            who.check(accounts.change(who.realm, &who.name, AccountChange::Role(*role), now).await?)?;
            done(format!("{} is {} now; its sessions and tokens have ended", who.name, role.as_str()))
        }
        UserCommand::Remove { who } => {
            who.check(accounts.change(who.realm, &who.name, AccountChange::Removed, now).await?)?;
            done(format!("removed {}, its sessions and tokens", who.name))
        }
    }
}

/// A role belongs to its realm.
fn check_role(realm: Realm, role: Role) -> Result<(), CommandError> {
    match (realm, role) {
        (Realm::Audit, Role::Auditor) | (Realm::Pages, Role::Viewer | Role::Editor | Role::Admin) => Ok(()),
        (Realm::Audit, _) => Err(refused("in the realm audit the only role is auditor")),
        (Realm::Pages, Role::Auditor) => Err(refused("an auditor is for the realm audit; add --realm audit")),
    }
}

impl Who {
    fn unknown(&self) -> CommandError {
        let realm = self.realm.as_str();
        refused(format!(
            "there is no account {:?} in the realm {realm}; `three-keys user list` shows those that there are",
            self.name
        ))
    }

    async fn check_known(&self, storage: &Sqlite) -> Result<(), CommandError> {
        let known = storage.accounts().await?;
        let name: String = unicode_normalization::UnicodeNormalization::nfc(self.name.as_str()).collect();
        let is_it = |(realm, account): &(Realm, crate::storage::accounts::Account)| {
            *realm == self.realm && account.username == name
        };
        if known.iter().any(is_it) { Ok(()) } else { Err(self.unknown()) }
    }

    fn check(&self, changed: Changed) -> Result<(), CommandError> {
        match changed {
            Changed::Done => Ok(()),
            Changed::Unknown => Err(self.unknown()),
            Changed::LastAdmin => Err(refused(format!(
                "{:?} is the last admin, and without one nobody can delete a page or read the audit log; make another account admin first",
                self.name
            ))),
        }
    }
}

impl PasswordFrom {
    fn read(self) -> Result<String, CommandError> {
        let password = if self.password_stdin {
            let mut line = String::new();
            stdin().lock().read_line(&mut line).map_err(CommandError::Password)?;
            line.strip_suffix('\n').map_or(line.as_str(), |line| line.strip_suffix('\r').unwrap_or(line)).to_owned()
        } else if stdin().is_terminal() {
            let first = rpassword::prompt_password("Password: ").map_err(CommandError::Password)?;
            check_password(&first)?;
            if rpassword::prompt_password("Again: ").map_err(CommandError::Password)? != first {
                return Err(refused("the two passwords differ; try again"));
            }
            first
        } else {
            return Err(refused(
                "there is no terminal to ask for the password; add --password-stdin and send it there",
            ));
        };
        check_password(&password)?;
        Ok(password)
    }
}
