//! DPoP at the authorization server's endpoints: the proof of a request, its nonce, and replay (RFC 9449 §5, §8).

use super::AuthServer;
use super::error::{ErrorCode, Refusal};
use super::explanation;
use crate::checks::{Refused, Trace};
use crate::dpop::{self, Expected, HEADER as DPOP, NONCE, ONE, REPLAY};
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
    if !headers.contains_key(DPOP) {
        return Ok(None);
    }
    let mut trace = explanation::trace();
    let proven = prove(server, headers, method, path, &mut trace).await;
    explanation::traced(trace, dpop::PROOF_CHECKS);
    proven.map(Some)
}

async fn prove(
    server: &AuthServer,
    headers: &HeaderMap,
    method: &str,
    path: &str,
    trace: &mut Trace,
) -> Result<String, Refusal> {
    let invalid = |refused: Refused| Refusal::new(ErrorCode::InvalidDpopProof, refused.check.name, refused.detail);
    let proof = trace.check(&ONE, || {
        let mut given = headers.get_all(DPOP).iter();
        match (given.next().and_then(|value| value.to_str().ok()), given.next()) {
            (Some(proof), None) => Ok(proof),
            (None, None) => Err(invalid(ONE.refuse("the DPoP header is not ASCII"))),
            _ => Err(invalid(ONE.refuse("there is more than one DPoP header"))),
        }
    })?;
    let url = format!("{}{path}", server.issuer);
    let expected = Expected { method, url: &url, access_token: None, now: server.clock.now() };
    let proof = dpop::verify(proof, expected, trace).map_err(invalid)?;
    trace.check(&NONCE, || match proof.nonce.as_deref() {
        Some(nonce) if server.knows_dpop_nonce(nonce) => Ok(()),
        _ => {
            let words = "send the proof again with the nonce of the DPoP-Nonce header";
            Err(Refusal::new(ErrorCode::UseDpopNonce, NONCE.name, words))
        }
    })?;
    let started = trace.start();
    let is_new = server.storage.use_identifier(&proof.replay_hash, proof.remember_until).await?;
    trace.finish(&REPLAY, started, is_new);
    if is_new { Ok(proof.jkt) } else { Err(invalid(REPLAY.refuse("this proof was used already"))) }
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
