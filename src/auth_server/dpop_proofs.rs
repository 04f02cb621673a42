//! DPoP at the authorization server's endpoints: the proof of a request, its nonce, and replay (RFC 9449 §5, §8).

use super::AuthServer;
use super::error::{ErrorCode, Refusal};
use crate::checks::Trace;
use crate::dpop::{self, Expected, HEADER as DPOP};
use crate::wire::base64url;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;

/// The header with the server's nonce.
pub(super) const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// How long a nonce is handed out, in seconds; it is accepted for twice as long.
const NONCE_PERIOD: i64 = 300;

impl AuthServer {
    /// The nonce of now. It needs no store: it is a MAC of the period.
    pub(crate) fn dpop_nonce(&self) -> String {
        self.nonce_of(self.clock.now() / NONCE_PERIOD)
    }

    fn nonce_of(&self, period: i64) -> String {
        base64url::encode(self.secret.mac("dpop nonce", &period.to_be_bytes()))
    }

    /// Whether the nonce was handed out in this period or the one before.
    pub(crate) fn knows_dpop_nonce(&self, nonce: &str) -> bool {
        let period = self.clock.now() / NONCE_PERIOD;
        [period, period - 1].iter().any(|period| self.secret.verifies("dpop nonce", &period.to_be_bytes(), nonce))
    }
}

/// The thumbprint of the key that proved possession for this request, or `None` where there is no proof.
///
/// # Errors
/// `invalid_dpop_proof` for a proof that does not fit or was used, `use_dpop_nonce` for one without a nonce of ours.
pub(super) async fn proven_key(
    server: &AuthServer,
    headers: &HeaderMap,
    method: &str,
    path: &str,
) -> Result<Option<String>, Refusal> {
    let mut given = headers.get_all(DPOP).iter();
    let Some(proof) = given.next() else { return Ok(None) };
    let invalid = |check, detail| Refusal::new(ErrorCode::InvalidDpopProof, check, detail);
    if given.next().is_some() {
        return Err(invalid("dpop_one", "there is more than one DPoP header"));
    }
    let proof = proof.to_str().map_err(|_| invalid("well_formed", "the DPoP header is not ASCII"))?;
    let url = format!("{}{path}", server.issuer);
    let expected = Expected { method, url: &url, access_token: None, now: server.clock.now() };
    let proof = dpop::verify(proof, expected, &mut Trace::off())
        .map_err(|refused| invalid(refused.check.name, refused.detail))?;
    if !proof.nonce.as_deref().is_some_and(|nonce| server.knows_dpop_nonce(nonce)) {
        return Err(Refusal::new(
            ErrorCode::UseDpopNonce,
            "dpop_nonce",
            "send the proof again with the nonce of the DPoP-Nonce header",
        ));
    }
    if !server.storage.use_identifier(&proof.replay_hash, proof.remember_until).await? {
        return Err(invalid("dpop_replay", "this proof was used already"));
    }
    Ok(Some(proof.jkt))
}

/// Hands out the nonce of now with the response, when the request had to do with DPoP.
pub(super) fn with_nonce(server: &AuthServer, headers: &HeaderMap, mut response: Response) -> Response {
    if headers.contains_key(DPOP)
        && let Ok(nonce) = HeaderValue::try_from(server.dpop_nonce())
    {
        response.headers_mut().insert(DPOP_NONCE, nonce);
    }
    response
}
