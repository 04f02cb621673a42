//! The token in each form against cross-site request forgery (RFC 6749 §10.12; RFC 9700 §4.7): bound to the browser,
//! to the step, and to what the form decides, so that it proves the steps before were passed for this very request.

use super::AuthServer;
use crate::wire::base64url;

/// What a form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Showing a password.
    SignIn,
    /// Allowing or denying a client.
    Consent,
    /// Entering a device's code.
    Device,
    /// Signing out.
    SignOut,
    /// Revoking an application.
    Applications,
}

impl Step {
    fn purpose(self) -> &'static str {
        match self {
            Step::SignIn => "form: sign in",
            Step::Consent => "form: consent",
            Step::Device => "form: device",
            Step::SignOut => "form: sign out",
            Step::Applications => "form: applications",
        }
    }
}

/// Makes the token of a form. `browser` is the value of the cookie it is bound to, `about` what the form decides.
pub(super) fn make(server: &AuthServer, step: Step, browser: &str, about: &str) -> String {
    base64url::encode(server.secret.mac(step.purpose(), message(browser, about).as_bytes()))
}

/// Whether a token that came back is the one of that form.
pub(super) fn verify(server: &AuthServer, step: Step, browser: &str, about: &str, token: Option<&str>) -> bool {
    token.is_some_and(|token| server.secret.verifies(step.purpose(), message(browser, about).as_bytes(), token))
}

fn message(browser: &str, about: &str) -> String {
    // A cookie holds no space, so the two cannot be mixed up.
    format!("{browser} {about}")
}
