//! The token endpoint's requests and answers, by way of the `oauth2` crate.

use super::metadata::{Metadata, origin};
use super::{Application, Failure};
use crate::ui::session::OauthTokens;
use crate::ui::{client as http_client, dates};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthUrl, Client, ClientId, EndpointNotSet, EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, RedirectUrl,
    RequestTokenError, StandardRevocableToken, StandardTokenResponse, TokenResponse as _, TokenUrl,
};
use serde::{Deserialize, Serialize};

/// What OpenID Connect adds to a token answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IdToken {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

impl ExtraTokenFields for IdToken {}

pub(super) type Answer = StandardTokenResponse<IdToken, BasicTokenType>;

/// This application, ready for the authorization endpoint and the token endpoint.
pub(super) type UiClient = Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The application as a public client of that server.
pub(super) fn client(metadata: &Metadata, application: Application) -> Result<UiClient, Failure> {
    let malformed = |_| Failure::Metadata("an endpoint is no URL");
    Ok(Client::new(ClientId::new(application.client_id().to_owned()))
        .set_auth_uri(AuthUrl::new(metadata.authorization_endpoint.clone()).map_err(malformed)?)
        .set_token_uri(TokenUrl::new(metadata.token_endpoint.clone()).map_err(malformed)?)
        .set_redirect_uri(
            RedirectUrl::new(format!("{}{}", origin()?, application.redirect_path())).map_err(malformed)?,
        ))
}

/// No answer came back from the token endpoint.
#[derive(Debug, thiserror::Error)]
#[error("the authorization server could not be reached")]
pub(super) struct NoAnswer;

/// Carries the crate's requests over fetch.
pub(super) async fn post(request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
    let (head, body) = request.into_parts();
    let headers: Vec<(&str, &str)> =
        head.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
    let body = String::from_utf8(body).map_err(|_| NoAnswer)?;
    let answered = http_client::call(head.method.as_str(), &head.uri.to_string(), &headers, Some(&body))
        .await
        .map_err(|_| NoAnswer)?;
    http::Response::builder()
        .status(answered.status)
        .header(http::header::CONTENT_TYPE, answered.answer.header("content-type").unwrap_or_default())
        .body(answered.answer.body.into_bytes())
        .map_err(|_| NoAnswer)
}

/// What went wrong at the token endpoint.
pub(super) fn failure(error: RequestTokenError<NoAnswer, BasicErrorResponse>) -> Failure {
    match error {
        RequestTokenError::ServerResponse(refusal) => Failure::Refused {
            code: refusal.error().as_ref().to_owned(),
            description: refusal.error_description().cloned(),
        },
        RequestTokenError::Request(NoAnswer) => Failure::Unreachable,
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Failure::Malformed,
    }
}

/// The tokens to keep. What the answer leaves out stays as it was: the scope (RFC 6749 §5.1), the refresh token (§6),
/// the ID token.
pub(super) fn accept(answer: &Answer, asked_scope: &str, before: Option<OauthTokens>) -> Result<OauthTokens, Failure> {
    if *answer.token_type() != BasicTokenType::Bearer {
        return Err(Failure::UnknownTokenType);
    }
    let (old_refresh, old_id) = before.map(|old| (old.refresh_token, old.id_token)).unwrap_or_default();
    let granted = answer.scopes().map(|tokens| tokens.iter().map(|token| token.as_str()).collect::<Vec<_>>().join(" "));
    Ok(OauthTokens {
        access_token: answer.access_token().secret().clone(),
        refresh_token: answer.refresh_token().map(|token| token.secret().clone()).or(old_refresh),
        id_token: answer.extra_fields().id_token.clone().or(old_id),
        expires_at: answer.expires_in().map(|life| dates::now().saturating_add_unsigned(life.as_secs())),
        scope: granted.unwrap_or_else(|| asked_scope.to_owned()),
    })
}
