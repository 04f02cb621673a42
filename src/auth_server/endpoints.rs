//! The paths of the endpoints, each in one place: the router serves them, the metadata lists them, tests compare both.

/// RFC 6749 §3.1
pub const AUTHORIZE: &str = "/oauth/authorize";
/// RFC 6749 §3.2
pub const TOKEN: &str = "/oauth/token";
/// RFC 7009 §2
pub const REVOKE: &str = "/oauth/revoke";
/// RFC 7662 §2
pub const INTROSPECT: &str = "/oauth/introspect";
/// RFC 7517 §5
pub const JWKS: &str = "/oauth/jwks";
/// OpenID Connect Core §5.3
pub const USERINFO: &str = "/oauth/userinfo";
/// RFC 9126 §2
pub const PAR: &str = "/oauth/par";
/// RFC 8628 §3.1
pub const DEVICE_AUTHORIZATION: &str = "/oauth/device_authorization";
/// RFC 7591 §3
pub const REGISTER: &str = "/oauth/register";
/// OpenID Connect RP-Initiated Logout §2
pub const LOGOUT: &str = "/oauth/logout";
/// Where a person types a device's code; it is named in the answer to the device (RFC 8628 §3.2).
pub const DEVICE: &str = "/oauth/device";
/// Where a person sees what it allowed.
pub const APPLICATIONS: &str = "/oauth/applications";

/// The endpoints that the metadata lists, by the names of RFC 8414 §2 and its registry.
pub const LISTED: [(&str, &str); 10] = [
    ("authorization_endpoint", AUTHORIZE),
    ("token_endpoint", TOKEN),
    ("revocation_endpoint", REVOKE),
    ("introspection_endpoint", INTROSPECT),
    ("jwks_uri", JWKS),
    ("userinfo_endpoint", USERINFO),
    ("pushed_authorization_request_endpoint", PAR),
    ("device_authorization_endpoint", DEVICE_AUTHORIZATION),
    ("registration_endpoint", REGISTER),
    ("end_session_endpoint", LOGOUT),
];
/// The endpoints that are for people alone, and found from the others.
pub const FOR_PEOPLE: [&str; 2] = [DEVICE, APPLICATIONS];
