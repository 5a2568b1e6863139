//! What may be done from a device (requirement D3). Its owner gives a shared
//! tablet or an old phone less than the rest; it says nothing of who signs in.

/// The rights of a device, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeviceRights {
    /// Look only.
    View,
    /// Also approve: sign-ins elsewhere, consents, who is trusted.
    Confirm,
    /// Everything. A new device begins so.
    Full,
}

impl DeviceRights {
    /// All of them, from the least.
    pub const ALL: [Self; 3] = [Self::View, Self::Confirm, Self::Full];

    /// The name in the database and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Confirm => "confirm",
            Self::Full => "full",
        }
    }

    /// The rights of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.as_str() == name)
    }

    /// Whether a device with these rights may turn those of a device from
    /// `from` to `to`: a full one any, the others may only give up their `own`.
    pub fn may_set(self, own: bool, from: Self, to: Self) -> bool {
        self == Self::Full || (own && to < from)
    }
}

#[cfg(test)]
mod tests {
    use super::DeviceRights::{self, Confirm, Full, View};

    #[test]
    fn nothing_but_a_full_device_raises_rights() {
        for from in DeviceRights::ALL {
            for to in DeviceRights::ALL {
                assert!(Full.may_set(true, from, to) && Full.may_set(false, from, to));
                for by in [View, Confirm] {
                    assert!(!by.may_set(false, from, to));
                    assert_eq!(by.may_set(true, from, to), to < from);
                }
            }
            assert_eq!(DeviceRights::parse(from.as_str()), Some(from));
        }
        assert_eq!(DeviceRights::parse("root"), None);
    }
}
