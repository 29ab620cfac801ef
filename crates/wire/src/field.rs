//! One value of an input.

/// What an input says about one value: nothing, that it shall be empty, or what it shall be.
/// A value that is wrong is a problem of the reader and counts as absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    #[default]
    Absent,
    Cleared,
    Value(T),
}

impl<T> Field<T> {
    pub fn value(self) -> Option<T> {
        match self {
            Field::Value(value) => Some(value),
            Field::Absent | Field::Cleared => None,
        }
    }

    /// For creating: what is not given is `default`.
    pub fn or(self, default: T) -> T {
        self.value().unwrap_or(default)
    }

    /// For updating: absent leaves `current` as it is, cleared removes it.
    pub fn applied_to(self, current: Option<T>) -> Option<T> {
        match self {
            Field::Absent => current,
            Field::Cleared => None,
            Field::Value(value) => Some(value),
        }
    }

    pub fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }

    pub fn is_cleared(&self) -> bool {
        matches!(self, Field::Cleared)
    }

    pub fn as_ref(&self) -> Field<&T> {
        match self {
            Field::Absent => Field::Absent,
            Field::Cleared => Field::Cleared,
            Field::Value(value) => Field::Value(value),
        }
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Field::Absent => Field::Absent,
            Field::Cleared => Field::Cleared,
            Field::Value(value) => Field::Value(change(value)),
        }
    }
}
