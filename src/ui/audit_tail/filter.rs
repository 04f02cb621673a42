//! Which events are shown.

use crate::wire::audit::AuditEvent;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A part of the account's name.
    pub account: String,
    /// The action; empty for all.
    pub action: String,
    /// Only what was refused.
    pub refused: bool,
    /// Also the readings of the log, of which following it makes one every other second.
    pub readings: bool,
}

impl Filter {
    /// Whether the event is one of them.
    pub fn takes(&self, event: &AuditEvent) -> bool {
        let refused = event.outcome == "refused";
        let is_reading = event.action == "read_audit" && !refused;
        event.account.contains(self.account.trim())
            && (self.action.is_empty() || event.action == self.action)
            && (refused || !self.refused)
            && (self.readings || self.action == "read_audit" || !is_reading)
    }
}

#[cfg(test)]
mod tests {
    use super::Filter;
    use crate::wire::audit::AuditEvent;

    fn event(account: &str, action: &str, outcome: &str) -> AuditEvent {
        AuditEvent {
            id: 1,
            at: 0,
            account: account.to_owned(),
            client_id: String::new(),
            key: "jwt".to_owned(),
            action: action.to_owned(),
            outcome: outcome.to_owned(),
            rule: String::new(),
            request_id: String::new(),
            address: String::new(),
            times: 1,
        }
    }

    #[test]
    fn readings_are_shown_when_asked_for_or_refused() {
        let reading = event("alice", "read_audit", "allowed");
        assert!(!Filter::default().takes(&reading));
        assert!(Filter { readings: true, ..Filter::default() }.takes(&reading));
        assert!(Filter { action: "read_audit".to_owned(), ..Filter::default() }.takes(&reading));
        assert!(Filter::default().takes(&event("bob", "read_audit", "refused")));
    }

    #[test]
    fn account_action_and_refusal_narrow_it() {
        let write = event("alice", "write_page", "allowed");
        assert!(Filter { account: "lic".to_owned(), ..Filter::default() }.takes(&write));
        assert!(!Filter { account: "bob".to_owned(), ..Filter::default() }.takes(&write));
        assert!(!Filter { action: "sign_in".to_owned(), ..Filter::default() }.takes(&write));
        assert!(!Filter { refused: true, ..Filter::default() }.takes(&write));
    }
}
