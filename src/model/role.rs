//! What an operator may do: one role each, and nothing beside it (requirement
//! F1).

/// The task of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Sees people at a service centre and compares their papers.
    Centre,
    /// Answers citizens who need help.
    Support,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 2] = [Self::Centre, Self::Support];

    /// The name in the database and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Centre => "centre",
            Self::Support => "support",
        }
    }

    /// The role of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}
