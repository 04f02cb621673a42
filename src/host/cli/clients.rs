//! `three-keys client`: client applications. A secret is made here, shown once and kept as a hash.

use super::{CommandError, refused, role};
use crate::audit_log::Happened;
use crate::auth_server::clients::{Client, ClientAuthentication, DEVICE_CODE, SCOPES};
use crate::auth_server::redirect_uri::RedirectUri;
use crate::auth_server::secret::ServerSecret;
use crate::random::Random;
use crate::storage::keys::Keys as _;
use crate::storage::sqlite::Sqlite;
use crate::wire::role::Role;
use crate::wire::scope::Scope;
use std::sync::Arc;

/// What can be done with clients.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum ClientCommand {
    /// Adds a client and prints its id, and its secret if it has one: now, and never again.
    Add(Box<NewClient>),
    /// Lists the clients: id, kind and name.
    List,
    /// Removes a client and all that people allowed it.
    Remove {
        /// The client's id.
        id: String,
    },
}

/// A client to be.
#[derive(Debug, Clone, clap::Args)]
pub struct NewClient {
    /// The name that people see when they are asked for consent.
    name: String,
    /// The client's id; by default a random one.
    #[arg(long)]
    id: Option<String>,
    /// It cannot keep a secret: it runs in a browser or on people's machines, and uses PKCE alone.
    #[arg(long)]
    public: bool,
    /// It runs on people's machines: the port of a loopback redirect URI may vary (RFC 8252).
    #[arg(long)]
    native: bool,
    /// Where answers may be sent; may be given more than once.
    #[arg(long, value_name = "URI")]
    redirect_uri: Vec<String>,
    /// Where a browser may be sent after signing out; may be given more than once.
    #[arg(long, value_name = "URI")]
    post_logout_redirect_uri: Vec<String>,
    /// All that it may ask for.
    #[arg(long, default_value = "openid profile offline_access pages:read")]
    scope: String,
    /// A grant type that it may use; may be given more than once. By default authorization_code and refresh_token.
    #[arg(long, value_name = "TYPE", value_parser = grant_type)]
    grant_type: Vec<String>,
    /// What it may do on its own behalf, with client_credentials.
    #[arg(long, default_value = "viewer", value_parser = role)]
    role: Role,
    /// It is a resource server: it may introspect the tokens of other clients.
    #[arg(long)]
    introspects: bool,
}

impl ClientCommand {
    /// What the audit log should say of it; nothing where it only looks.
    pub(super) fn happened(&self) -> Option<Happened<'_>> {
        let (client_id, action) = match self {
            ClientCommand::Add(new) => (new.id.as_deref().unwrap_or(&new.name), "add_client"),
            ClientCommand::Remove { id } => (id.as_str(), "remove_client"),
            ClientCommand::List => return None,
        };
        Some(Happened { client_id, action, ..Happened::default() })
    }
}

fn grant_type(name: &str) -> Result<String, String> {
    match name {
        "authorization_code" | "refresh_token" | "client_credentials" | DEVICE_CODE => Ok(name.to_owned()),
        "device_code" => Ok(DEVICE_CODE.to_owned()),
        _ => Err("write authorization_code, refresh_token, client_credentials or device_code".to_owned()),
    }
}

pub(super) async fn run(command: &ClientCommand, storage: Arc<Sqlite>, now: i64) -> Result<Vec<String>, CommandError> {
    match command {
        ClientCommand::List => {
            let clients = Client::all(storage.as_ref()).await?;
            let longest = clients.iter().map(|client| client.client_id.len()).max().unwrap_or_default();
            let line = |client: &Client| {
                let kind = if client.is_public() { "public" } else { "confidential" };
                format!("{:longest$}  {kind:12}  {}", client.client_id, client.client_name)
            };
            Ok(clients.iter().map(line).collect())
        }
        ClientCommand::Remove { id } => {
            if !Client::remove(storage.as_ref(), id, now).await? {
                let words = format!("there is no client {id:?}; `three-keys client list` shows those that there are");
                return Err(refused(words));
            }
            Ok(vec![format!("removed {id} and all that people allowed it")])
        }
        ClientCommand::Add(new) => {
            let random = Random::system();
            let server = ServerSecret::new(&storage.secret("server", &random.bytes::<32>()).await?);
            let (client, secret) = new.understand(&server, &random)?;
            if !client.add(storage.as_ref(), now).await? {
                return Err(refused(format!("there is a client {:?} already; choose another --id", client.client_id)));
            }
            let mut lines = vec![format!("client_id      {}", client.client_id)];
            lines.extend(secret.map(|secret| format!("client_secret  {secret}")));
            Ok(lines)
        }
    }
}

impl NewClient {
    fn understand(&self, server: &ServerSecret, random: &Random) -> Result<(Client, Option<String>), CommandError> {
        if self.name.trim().is_empty() || self.name.len() > 80 || self.name.chars().any(char::is_control) {
            return Err(refused("a client's name has 1 to 80 bytes and no control character"));
        }
        let client_id = self.id.clone().unwrap_or_else(|| random.identifier());
        // RFC 6749 appendix A.1
        if !(1..=128).contains(&client_id.len()) || !client_id.bytes().all(|byte| matches!(byte, 0x20..=0x7E)) {
            return Err(refused("a client's id has 1 to 128 printable ASCII characters"));
        }
        let known: Scope = SCOPES.parse().unwrap_or_default();
        let scope = self.scope.parse::<Scope>().ok().filter(|scope| scope.is_within(&known));
        let scope = scope.ok_or_else(|| refused(format!("the scope must be within: {SCOPES}")))?;
        let redirect_uris = uris(&self.redirect_uri)?;
        let mut grant_types = self.grant_type.clone();
        if grant_types.is_empty() && !self.introspects {
            grant_types = ["authorization_code", "refresh_token"].map(str::to_owned).to_vec();
        }
        let uses = |grant_type: &str| grant_types.iter().any(|one| one == grant_type);
        if uses("authorization_code") && redirect_uris.is_empty() {
            return Err(refused("authorization_code sends people back to the client: add --redirect-uri"));
        }
        if self.public && uses("client_credentials") {
            return Err(refused("client_credentials is for clients that keep a secret: leave --public away"));
        }
        if self.public && self.introspects {
            return Err(refused("only a client that keeps a secret may introspect: leave --public away"));
        }
        let secret = (!self.public).then(|| random.token());
        let authentication =
            secret.as_deref().map_or(ClientAuthentication::None, |secret| ClientAuthentication::secret(server, secret));
        let client = Client {
            authentication,
            redirect_uris,
            post_logout_redirect_uris: uris(&self.post_logout_redirect_uri)?,
            grant_types,
            scope,
            native: self.native,
            introspects_all: self.introspects,
            role: self.role,
            ..Client::new(&client_id, &self.name)
        };
        Ok((client, secret))
    }
}

fn uris(texts: &[String]) -> Result<Vec<RedirectUri>, CommandError> {
    let parse = |text: &String| {
        RedirectUri::try_from(text.clone()).map_err(|unusable| refused(format!("{text:?} is not usable: {unusable}")))
    };
    texts.iter().map(parse).collect()
}
