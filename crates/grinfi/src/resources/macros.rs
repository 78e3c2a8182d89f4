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

/// Implements `Listed::fetch` for an operation with page, order and filter as query parameters.
macro_rules! fetch {
    ($method:ident($options:ident $(, $part:ident)*)) => {
        fn fetch(
            client: crate::client::Client,
            query: crate::search::Query,
        ) -> crate::page::BoxFuture<crate::error::Result<crate::page::Page<Self::Item>>> {
            let (limit, offset) = query.window();
            #[allow(unused_mut, reason = "not every listing has an order or a filter")]
            let mut options = grinfi_raw::options::$options { limit, offset, ..Default::default() };
            $(crate::resources::macros::fetch!(@$part options query);)*
            Box::pin(client.call(client.raw().$method(options)))
        }
    };
    (@order $options:ident $query:ident) => {
        let (order_field, order_type) = $query.order();
        $options.order_field = order_field;
        $options.order_type = order_type.as_ref();
    };
    (@filter $options:ident $query:ident) => {
        let filter = $query.brackets();
        $options.filter = filter.as_ref();
    };
}

pub(crate) use fetch;
pub(crate) use handle;
pub(crate) use setters;
