//! Macros that define resource handles and builder setters.

/// Defines a resource handle: a struct that contains a client.
macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name {
            pub(crate) client: crate::client::Client,
        }

        impl $name {
            pub(crate) fn new(client: crate::client::Client) -> Self {
                Self { client }
            }
        }
    };
}

/// Setters of optional fields of a builder's `body`.
macro_rules! setters {
    ($($(#[$doc:meta])* $method:ident($kind:ty) => $field:ident;)*) => {
        $(
            $(#[$doc])*
            pub fn $method(mut self, value: impl Into<$kind>) -> Self {
                let value: $kind = value.into();
                self.body.$field = Some(value.into());
                self
            }
        )*
    };
}

pub(crate) use handle;
pub(crate) use setters;
