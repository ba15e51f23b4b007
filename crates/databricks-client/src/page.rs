//! Lists whose pages hold `next_page_token`.

/// Defines a page with its items under one key and the token of the next page.
macro_rules! token_page {
    ($(#[$doc:meta])* $name:ident, $(#[$item_doc:meta])* $items:ident: $item:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, serde::Deserialize)]
        #[serde(default)]
        #[non_exhaustive]
        pub struct $name {
            $(#[$item_doc])*
            #[serde(deserialize_with = "crate::wire::null_as_default")]
            pub $items: Vec<$item>,
            /// The token of the next page; absent or empty on the last one.
            pub next_page_token: Option<String>,
        }

        impl rest_core::Listing for $name {
            type Item = $item;

            fn into_items(self) -> Vec<$item> {
                self.$items
            }

            fn next(&self) -> Option<rest_core::Next> {
                let token = self.next_page_token.clone();
                token.filter(|token| !token.is_empty()).map(rest_core::Next::Token)
            }
        }

        #[async_trait::async_trait]
        impl azure_core::http::pager::Page for $name {
            type Item = $item;
            type IntoIter = std::vec::IntoIter<$item>;

            async fn into_items(self) -> azure_core::Result<Self::IntoIter> {
                Ok(self.$items.into_iter())
            }
        }
    };
}

pub(crate) use token_page;
