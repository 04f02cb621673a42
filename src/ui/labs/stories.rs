//! The attacks in words.

use super::{Attack, Story};

impl Attack {
    /// The attacks on HTTP Basic.
    pub const BASIC: [Attack; 4] =
        [Attack::BasicReplay, Attack::BasicGuess, Attack::BasicEnumerate, Attack::BasicPasswordChange];

    /// The attacks on JSON Web Tokens.
    pub const JWT: [Attack; 7] = [
        Attack::JwtRole,
        Attack::JwtNone,
        Attack::JwtConfusion,
        Attack::JwtExpired,
        Attack::JwtAudience,
        Attack::JwtEmbeddedKey,
        Attack::JwtSignedOut,
    ];

    /// The attacks on OAuth.
    pub const OAUTH: [Attack; 9] = [
        Attack::OauthRedirectUri,
        Attack::OauthNoVerifier,
        Attack::OauthCodeTwice,
        Attack::OauthState,
        Attack::OauthIssuer,
        Attack::OauthWiderScope,
        Attack::OauthOldRefreshToken,
        Attack::OauthIdToken,
        Attack::OauthStolenDpopToken,
    ];

    /// What it is about.
    pub fn story(self) -> Story {
        match self {
            Attack::BasicReplay => Story {
                id: "basic-replay",
                title: "Replay a captured header",
                attacker: "Reads one call without TLS, in a proxy or in a log, and sends its header again. No password is asked for: the header is the password.",
                defence: "Nothing in Basic can catch it: each call looks like the first. Only the second realm holds, because these are not its credentials. What helps is TLS on the whole way, and never logging the header.",
                carelessness: "A log that writes down the whole request keeps the password for everybody who reads it.",
            },
            Attack::BasicGuess => Story {
                id: "basic-guess",
                title: "Guess the password",
                attacker: "Tries the passwords that people use, one after the other, against a guest account made for this.",
                defence: "After a few wrong ones the server makes this address wait for this account, longer each time, and says so with 429 and Retry-After. Each guess it does take costs an argon2id hash.",
                carelessness: "A verifier without a throttle answers as fast as it is asked.",
            },
            Attack::BasicEnumerate => Story {
                id: "basic-enumerate",
                title: "Tell an unknown account from a wrong password",
                attacker: "Asks once with a name that does not exist and once with a real one, and compares the answers: whoever knows the names needs only the passwords.",
                defence: "Both answers are the same, letter for letter, and take as long: the server hashes a password even where there is no account.",
                carelessness: "A verifier that is helpful says which of the two was wrong.",
            },
            Attack::BasicPasswordChange => Story {
                id: "basic-password-change",
                title: "Shut out one application",
                attacker: "Holds your password in a stolen application, while two of your own hold it as well. You change the password. This is done with a guest account.",
                defence: "The thief is locked out at once, and so is every other application: with Basic there is no revoking of one of them. That is why OAuth was made.",
                carelessness: "A verifier that remembers a password it has verified, and forgets to forget it, lets the thief go on.",
            },
            Attack::JwtRole => Story {
                id: "jwt-role",
                title: "Raise your own role",
                attacker: "Writes \"admin\" into the claims of a viewer's token, and keeps the old signature.",
                defence: "The signature covers every byte of header and claims.",
                carelessness: "Decodes the token and believes it: a library's decode() in place of its verify().",
            },
            Attack::JwtNone => Story {
                id: "jwt-none",
                title: "alg: none",
                attacker: "Says in the header that the token is not signed, and leaves the signature out.",
                defence: "The algorithm belongs to the key, and is never read from the token (RFC 8725 §3.1).",
                carelessness: "Asks the token how it wants to be verified.",
            },
            Attack::JwtConfusion => Story {
                id: "jwt-confusion",
                title: "HS256, signed with the public key",
                attacker: "Fetches the public key, which everybody may have, and uses it as the secret of an HMAC.",
                defence: "The algorithm belongs to the key: an ES256 key verifies ES256 and nothing else.",
                carelessness: "Takes the algorithm from the header and the key from the file, and hands both to one verify().",
            },
            Attack::JwtExpired => Story {
                id: "jwt-expired",
                title: "An expired token",
                attacker: "Shows a token that was good for one second. It is genuine in every other way.",
                defence: "exp is compared with the server's own clock, at every call.",
                carelessness: "Verifies the signature and stops there.",
            },
            Attack::JwtAudience => Story {
                id: "jwt-audience",
                title: "A token for another door",
                attacker: "Takes a token that was issued for somebody else's API, and shows it here.",
                defence: "aud must name this server (RFC 7519 §4.1.3). Otherwise every API that you talk to could act as you at all others.",
                carelessness: "Trusts the issuer and does not look for whom the token is.",
            },
            Attack::JwtEmbeddedKey => Story {
                id: "jwt-embedded-key",
                title: "Bring your own key",
                attacker: "Makes a key pair, signs an admin's claims with it, and puts the public key into the token's header as jwk.",
                defence: "Keys come from the server's own set. One that a token brings is never used (RFC 8725 §3.10).",
                carelessness: "Verifies the token with the key that it finds in it. The signature fits, of course.",
            },
            Attack::JwtSignedOut => Story {
                id: "jwt-signed-out",
                title: "Sign out, and replay",
                attacker: "Keeps a copy of the token, and uses it after you have signed out.",
                defence: "The stateless guard cannot know and lets it in until it expires. The revocable guard asks the store of revoked tokens and refuses: early invalidation needs a store.",
                carelessness: "Is the stateless guard itself: nothing tells it.",
            },
            Attack::OauthRedirectUri => Story {
                id: "oauth-redirect-uri",
                title: "Change the redirect URI",
                attacker: "Asks in the application's name for the code to be sent to a host of their own, whose name begins like the real one.",
                defence: "The redirect URI must be one that was registered, letter for letter (RFC 9700 §2.1). The request is left at the PAR endpoint here, so that the refusal can be shown; in the browser it would be a page without a redirect.",
                carelessness: "Compares only how the URI begins.",
            },
            Attack::OauthNoVerifier => Story {
                id: "oauth-no-verifier",
                title: "A stolen code without its verifier",
                attacker: "Has read the code out of the address bar or a log, and exchanges it. The code_verifier never left the tab.",
                defence: "The code is bound to the challenge that came with the request (RFC 7636 §4.6). A missing verifier is a wrong one.",
                carelessness: "Checks the verifier if there is one.",
            },
            Attack::OauthCodeTwice => Story {
                id: "oauth-code-twice",
                title: "Use a code twice",
                attacker: "Exchanges a code that was exchanged already, with everything that belongs to it.",
                defence: "A code works once. A second use means that two parties hold it, so everything that came of it is revoked as well (RFC 6749 §4.1.2).",
                carelessness: "Keeps no record of which codes were used.",
            },
            Attack::OauthState => Story {
                id: "oauth-state",
                title: "A foreign state",
                attacker: "Sends you to this application's callback with a code of their own: you would be signed in as the attacker, and write into the attacker's account.",
                defence: "The state must be one that this tab has made and not used yet (RFC 6749 §10.12). The code is not even sent.",
                carelessness: "Exchanges every code that arrives.",
            },
            Attack::OauthIssuer => Story {
                id: "oauth-issuer",
                title: "A foreign issuer",
                attacker: "Runs an authorization server of their own, and mixes up the answers, so that the application sends another server's code to the attacker.",
                defence: "iss in the answer must be the server that was asked, before the code goes anywhere (RFC 9207 §2.4).",
                carelessness: "Takes the answer of whoever sends it.",
            },
            Attack::OauthWiderScope => Story {
                id: "oauth-wider-scope",
                title: "Ask for a wider scope",
                attacker: "Holds a refresh token for reading, and refreshes it with the scope for writing.",
                defence: "A refresh can narrow the scope and never widen it (RFC 6749 §6); and what an application may ask for at all is registered (§3.3).",
                carelessness: "Issues whatever scope the request names.",
            },
            Attack::OauthOldRefreshToken => Story {
                id: "oauth-old-refresh-token",
                title: "An old refresh token",
                attacker: "Has copied a refresh token and uses it after its owner has refreshed, and refreshed again.",
                defence: "Refresh tokens are replaced at each use. An old one that comes back means that somebody has a copy, so the whole family dies, the thief's and the owner's (RFC 9700 §4.14.2).",
                carelessness: "Never replaces refresh tokens: a copy works for ever, and nobody notices.",
            },
            Attack::OauthIdToken => Story {
                id: "oauth-id-token",
                title: "The ID token as an access token",
                attacker: "Shows the ID token to the API. It is signed by the right issuer, for the right person, and not expired.",
                defence: "It is another type of token, meant for another audience (RFC 9068 §4): it says who signed in, not what may be done.",
                carelessness: "Accepts everything that the issuer has signed.",
            },
            Attack::OauthStolenDpopToken => Story {
                id: "oauth-stolen-dpop-token",
                title: "Steal a DPoP-bound token",
                attacker: "Has the access token, but not the private key that it is bound to: shows it as a Bearer token, and then with a proof by a key of their own.",
                defence: "The token names its key (RFC 9449 §6). Each call needs a fresh proof by that very key, for this method and this URL.",
                carelessness: "Takes the token and does not look at what it is bound to.",
            },
        }
    }

    /// The attack with that id.
    pub fn by_id(id: &str) -> Option<Attack> {
        Self::OAUTH.into_iter().find(|attack| attack.story().id == id)
    }
}
