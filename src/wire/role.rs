//! Roles: what an account may do, apart from who it is.

use serde::{Deserialize, Serialize};

/// What an account may do with the wiki. The order is the order of power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// May read the audit log of the second Basic realm, and nothing of the wiki.
    Auditor,
    /// May read pages.
    Viewer,
    /// May read, create and change pages.
    Editor,
    /// May also delete pages and read the audit log.
    Admin,
}

/// One thing a caller can ask the resource server to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// See one's own account.
    ViewProfile,
    /// Give one's own account another password.
    ChangePassword,
    /// List pages or read one.
    ReadPages,
    /// Create or change a page.
    WritePage,
    /// Delete a page.
    DeletePage,
    /// Read the audit log.
    ReadAudit,
}

impl Role {
    /// The role's name, as stored and as sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Auditor => "auditor",
            Role::Viewer => "viewer",
            Role::Editor => "editor",
            Role::Admin => "admin",
        }
    }

    /// The role of that name, if there is one.
    pub fn parse(name: &str) -> Option<Role> {
        [Role::Auditor, Role::Viewer, Role::Editor, Role::Admin].into_iter().find(|role| role.as_str() == name)
    }

    /// Whether this role may do the operation. Authorization, not authentication: the caller is known already.
    pub fn may(self, operation: Operation) -> bool {
        match operation {
            Operation::ViewProfile | Operation::ChangePassword | Operation::ReadPages => self >= Role::Viewer,
            Operation::WritePage => self >= Role::Editor,
            Operation::DeletePage => self == Role::Admin,
            Operation::ReadAudit => matches!(self, Role::Admin | Role::Auditor),
        }
    }
}

impl Operation {
    /// The OAuth scope that allows the operation (design, "Resource server").
    pub fn scope(self) -> &'static str {
        match self {
            Operation::ViewProfile => "profile",
            // No application may ask for it: passwords are not theirs to change.
            Operation::ChangePassword => "password",
            Operation::ReadPages => "pages:read",
            Operation::WritePage | Operation::DeletePage => "pages:write",
            Operation::ReadAudit => "audit:read",
        }
    }

    /// The operation in words, to finish the sentence "this account may not …".
    pub fn in_words(self) -> &'static str {
        match self {
            Operation::ViewProfile => "see its profile",
            Operation::ChangePassword => "change its password",
            Operation::ReadPages => "read pages",
            Operation::WritePage => "create or change a page",
            Operation::DeletePage => "delete a page",
            Operation::ReadAudit => "read the audit log",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Operation, Role};

    #[test]
    fn each_role_may_do_exactly_what_the_contract_says() {
        use Operation::{ChangePassword, DeletePage, ReadAudit, ReadPages, ViewProfile, WritePage};
        let allowed = |role: Role| -> Vec<bool> {
            [ViewProfile, ChangePassword, ReadPages, WritePage, DeletePage, ReadAudit]
                .map(|operation| role.may(operation))
                .to_vec()
        };
        assert_eq!(allowed(Role::Auditor), [false, false, false, false, false, true]);
        assert_eq!(allowed(Role::Viewer), [true, true, true, false, false, false]);
        assert_eq!(allowed(Role::Editor), [true, true, true, true, false, false]);
        assert_eq!(allowed(Role::Admin), [true, true, true, true, true, true]);
    }

    #[test]
    fn names_survive_the_round_trip() {
        for role in [Role::Auditor, Role::Viewer, Role::Editor, Role::Admin] {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("Admin"), None);
    }
}
