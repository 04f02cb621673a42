//! The arguments of a server function, taken strictly: whatever is wrong with them, the refusal names the field.
//!
//! The framework's own codecs hand on an error as text, in which the field is lost; they let unknown members pass, and
//! of a query parameter that came twice they say only that something did. So the server's half of [`Checked`] reads the
//! arguments itself; the browser's half stays the framework's.

use super::problem::Problem;
use serde::de::DeserializeOwned;
use server_fn::codec::{Encoding, IntoRes, Json};
use server_fn::{Http, Protocol};
use std::future::Future;
use std::marker::PhantomData;

/// Arguments in the query or as a JSON object, by the method that `Input` has; the answer is JSON.
#[derive(Debug)]
pub struct Checked<Input>(PhantomData<Input>);

impl<Input, Arguments, Output, Client, Server> Protocol<Arguments, Output, Client, Server, Problem> for Checked<Input>
where
    Http<Input, Json>: Protocol<Arguments, Output, Client, Server, Problem>,
    Input: Encoding,
    Arguments: DeserializeOwned + Send,
    Output: IntoRes<Json, Server::Response, Problem> + Send,
    Client: server_fn::client::Client<Problem>,
    Server: server_fn::server::Server<Problem>,
{
    const METHOD: http::Method = Input::METHOD;

    #[cfg(feature = "ssr")]
    async fn run_server<F, Fut>(request: Server::Request, server_fn: F) -> Result<Server::Response, Problem>
    where
        F: Fn(Arguments) -> Fut + Send,
        Fut: Future<Output = Result<Output, Problem>> + Send,
    {
        use server_fn::request::Req as _;
        let arguments = if matches!(Input::METHOD, http::Method::GET | http::Method::DELETE) {
            reading::from_query(request.as_query().unwrap_or_default())?
        } else {
            reading::from_json(&request.try_into_bytes().await?)?
        };
        server_fn(arguments).await?.into_res().await
    }

    #[cfg(not(feature = "ssr"))]
    async fn run_server<F, Fut>(request: Server::Request, server_fn: F) -> Result<Server::Response, Problem>
    where
        F: Fn(Arguments) -> Fut + Send,
        Fut: Future<Output = Result<Output, Problem>> + Send,
    {
        Http::<Input, Json>::run_server(request, server_fn).await
    }

    async fn run_client(path: &str, arguments: Arguments) -> Result<Output, Problem> {
        Http::<Input, Json>::run_client(path, arguments).await
    }
}

#[cfg(feature = "ssr")]
mod reading {
    use super::Problem;
    use serde::de::value::MapDeserializer;
    use serde::de::{
        DeserializeOwned, DeserializeSeed, Deserializer, Error, Expected, IntoDeserializer, MapAccess, Unexpected,
        Visitor,
    };
    use serde::forward_to_deserialize_any;
    use serde_json::Value;
    use std::fmt;

    /// Reads the query. Parameters that no argument is named after are not looked at, as the web is used to; a token in
    /// the query is one of them (RFC 6750 §2.3 is not served).
    pub(super) fn from_query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
        let members = url::form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
            .collect();
        T::deserialize(Arguments { members, source: Source::Query }).map_err(Refused::into_problem)
    }

    /// Reads a JSON object.
    pub(super) fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
        let Members(members) = serde_json::from_slice(body)
            .map_err(|error| Problem::new(400, format!("the body is no JSON object that can be read: {error}")))?;
        T::deserialize(Arguments { members, source: Source::Json }).map_err(Refused::into_problem)
    }

    /// Why arguments were refused. It never repeats what was sent, which may be a password in the wrong place.
    #[derive(Debug)]
    pub(super) struct Refused {
        field: Option<String>,
        words: String,
    }

    impl Refused {
        fn of(field: &str, words: impl Into<String>) -> Self {
            Self { field: Some(field.to_owned()), words: words.into() }
        }

        fn into_problem(self) -> Problem {
            match self.field {
                Some(field) => Problem::invalid(&field, format!("{field}: {}", self.words)),
                None => Problem::new(400, self.words),
            }
        }
    }

    impl fmt::Display for Refused {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(&self.words)
        }
    }

    impl std::error::Error for Refused {}

    impl Error for Refused {
        fn custom<T: fmt::Display>(words: T) -> Self {
            Self { field: None, words: words.to_string() }
        }

        fn missing_field(field: &'static str) -> Self {
            Self::of(field, "this argument is missing")
        }

        fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
            Self { field: None, words: must_be(expected) }
        }

        fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
            Self { field: None, words: must_be(expected) }
        }
    }

    /// What a type of ours is called among people who do not write Rust.
    fn must_be(expected: &dyn Expected) -> String {
        let expected = match expected.to_string().as_str() {
            "i64" => "a whole number".to_owned(),
            "u32" => "a whole number that is not negative".to_owned(),
            other => other.to_owned(),
        };
        format!("this argument must be {expected}")
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Source {
        Query,
        Json,
    }

    /// The members of a JSON object as they came, also those that came twice.
    struct Members(Vec<(String, Value)>);

    impl<'de> serde::Deserialize<'de> for Members {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Collect;
            impl<'de> Visitor<'de> for Collect {
                type Value = Members;

                fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    formatter.write_str("an object")
                }

                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                    let mut members = Vec::new();
                    while let Some(member) = map.next_entry()? {
                        members.push(member);
                    }
                    Ok(Members(members))
                }
            }
            deserializer.deserialize_map(Collect)
        }
    }

    /// All arguments. The structure that is read from them tells which there may be.
    struct Arguments {
        members: Vec<(String, Value)>,
        source: Source,
    }

    impl<'de> Deserializer<'de> for Arguments {
        type Error = Refused;

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Refused> {
            let Self { mut members, source } = self;
            if source == Source::Query {
                members.retain(|(name, _)| fields.contains(&name.as_str()));
            }
            let mut seen: Vec<&str> = Vec::with_capacity(fields.len());
            for (name, value) in &members {
                if !fields.contains(&name.as_str()) {
                    let shown: String = name.chars().take(64).collect();
                    return Err(Refused::of(&shown, "there is no such argument"));
                }
                if seen.contains(&name.as_str()) {
                    return Err(Refused::of(name, "this argument came more than once"));
                }
                // The decoder of queries puts U+FFFD where the bytes are no UTF-8.
                if source == Source::Query && value.as_str().is_some_and(|text| text.contains('\u{FFFD}')) {
                    return Err(Refused::of(name, "this argument must be UTF-8"));
                }
                seen.push(name);
            }
            visitor.visit_map(Each { members: members.into_iter(), source, next: None })
        }

        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
            // Every function's arguments are a structure; this is for completeness alone.
            let values = self.members.into_iter().map(|(name, value)| (name, Argument { value, source: self.source }));
            visitor.visit_map(MapDeserializer::new(values))
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    /// One argument after the other; whatever goes wrong with one carries its name.
    struct Each {
        members: std::vec::IntoIter<(String, Value)>,
        source: Source,
        next: Option<(String, Value)>,
    }

    impl<'de> MapAccess<'de> for Each {
        type Error = Refused;

        fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refused> {
            self.next = self.members.next();
            match &self.next {
                Some((name, _)) => seed.deserialize(name.as_str().into_deserializer()).map(Some),
                None => Ok(None),
            }
        }

        fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refused> {
            let Some((name, value)) = self.next.take() else { return Err(Error::custom("an argument is missing")) };
            seed.deserialize(Argument { value, source: self.source })
                .map_err(|refused| Refused::of(&name, refused.words))
        }
    }

    /// One argument's value. In a query everything is text, also numbers.
    struct Argument {
        value: Value,
        source: Source,
    }

    impl Argument {
        fn number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
            match (&self.value, self.source) {
                (Value::String(text), Source::Query) => match text.parse() {
                    Ok(number) => visitor.visit_i64(number),
                    Err(_) => Err(Error::invalid_value(Unexpected::Str(text), &visitor)),
                },
                _ => self.deserialize_any(visitor),
            }
        }
    }

    impl IntoDeserializer<'_, Refused> for Argument {
        type Deserializer = Self;

        fn into_deserializer(self) -> Self {
            self
        }
    }

    impl<'de> Deserializer<'de> for Argument {
        type Error = Refused;

        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
            match self.value {
                Value::Null => visitor.visit_unit(),
                Value::Bool(value) => visitor.visit_bool(value),
                Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                    (Some(number), _) => visitor.visit_i64(number),
                    (None, Some(number)) => visitor.visit_u64(number),
                    (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
                },
                Value::String(text) => visitor.visit_string(text),
                // No function takes a list or an object within its arguments.
                Value::Array(_) => Err(Error::invalid_type(Unexpected::Seq, &visitor)),
                Value::Object(_) => Err(Error::invalid_type(Unexpected::Map, &visitor)),
            }
        }

        fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
            self.number(visitor)
        }

        fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
            self.number(visitor)
        }

        fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
            if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i128 u8 u16 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
            newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }

    #[cfg(test)]
    mod tests {
        use super::{from_json, from_query};
        use serde::Deserialize;

        #[derive(Debug, Deserialize, PartialEq)]
        struct Asked {
            slug: String,
            version: i64,
            #[serde(default)]
            limit: Option<u32>,
        }

        fn field_of_query(query: &str) -> Option<String> {
            let problem = from_query::<Asked>(query).expect_err("a refusal");
            assert_eq!(problem.status, 400);
            problem.field
        }

        fn field_of_json(body: &str) -> Option<String> {
            let problem = from_json::<Asked>(body.as_bytes()).expect_err("a refusal");
            assert_eq!(problem.status, 400);
            problem.field
        }

        #[test]
        fn what_is_in_order_is_read() {
            let asked = |limit| Asked { slug: "a".to_owned(), version: -7, limit };
            assert_eq!(from_query::<Asked>("slug=a&version=-7"), Ok(asked(None)));
            assert_eq!(from_query::<Asked>("version=-7&limit=9&slug=%61&access_token=x"), Ok(asked(Some(9))));
            assert_eq!(from_json::<Asked>(br#"{"slug":"a","version":-7,"limit":null}"#), Ok(asked(None)));
            assert_eq!(from_json::<Asked>(br#"{"slug":"a","version":-7,"limit":9}"#), Ok(asked(Some(9))));
        }

        #[test]
        fn a_refused_query_parameter_is_named() {
            for (query, field) in [
                ("version=1", "slug"),
                ("slug=a", "version"),
                ("slug=a&version=x", "version"),
                ("slug=a&version=", "version"),
                ("slug=a&version=9223372036854775808", "version"),
                ("slug=a&version=1&limit=abc", "limit"),
                ("slug=a&version=1&limit=-1", "limit"),
                ("slug=a&slug=b&version=1", "slug"),
                ("slug=%ff&version=1", "slug"),
            ] {
                assert_eq!(field_of_query(query).as_deref(), Some(field), "{query}");
            }
        }

        #[test]
        fn a_refused_member_is_named() {
            for (body, field) in [
                (r#"{"version":1}"#, "slug"),
                (r#"{"slug":1,"version":1}"#, "slug"),
                (r#"{"slug":null,"version":1}"#, "slug"),
                (r#"{"slug":["a"],"version":1}"#, "slug"),
                (r#"{"slug":{"a":1},"version":1}"#, "slug"),
                (r#"{"slug":"a","version":"1"}"#, "version"),
                (r#"{"slug":"a","version":1.5}"#, "version"),
                (r#"{"slug":"a","version":1e400}"#, "version"),
                (r#"{"slug":"a","version":18446744073709551615}"#, "version"),
                (r#"{"slug":"a","slug":"a","version":1}"#, "slug"),
                (r#"{"slug":"a","version":1,"sulg":"a"}"#, "sulg"),
            ] {
                let found = field_of_json(body);
                // A number too large for any type is refused by the reader of JSON itself, which knows no field.
                assert!(found.as_deref() == Some(field) || body.contains("e400"), "{body}: {found:?}");
            }
            for body in ["", "{", "[]", "null", "1", "\"a\"", "{\"slug\":\"\\ud800\"}"] {
                assert_eq!(field_of_json(body), None, "{body}");
            }
        }

        #[test]
        fn a_refusal_never_repeats_what_was_sent() {
            for body in [r#"{"slug":"a","version":"hunter2"}"#, r#"{"slug":"a","version":["hunter2"]}"#] {
                let problem = from_json::<Asked>(body.as_bytes()).expect_err("a refusal");
                assert!(!problem.detail.contains("hunter2"), "{}", problem.detail);
            }
            let problem = from_query::<Asked>("slug=a&version=hunter2").expect_err("a refusal");
            assert!(!problem.detail.contains("hunter2"), "{}", problem.detail);
        }

        proptest::proptest! {
            #[test]
            fn any_bytes_are_read_or_refused_with_400(body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
                if let Err(problem) = from_json::<Asked>(&body) {
                    proptest::prop_assert_eq!(problem.status, 400);
                }
                if let Err(problem) = from_query::<Asked>(&String::from_utf8_lossy(&body)) {
                    proptest::prop_assert!(problem.status == 400 && problem.field.is_some());
                }
            }

            #[test]
            fn any_json_that_is_refused_names_its_field(version in "[-0-9.e\"a{}\\[\\]:, ]{0,12}", more in "(,\"[a-z]{0,3}\":[0-9]{1,3}){0,3}") {
                let body = format!(r#"{{"slug":"a","version":{version}{more}}}"#);
                if let Err(problem) = from_json::<Asked>(body.as_bytes()) {
                    let is_json = serde_json::from_str::<serde_json::Value>(&body).is_ok();
                    proptest::prop_assert_eq!(problem.status, 400);
                    proptest::prop_assert!(problem.field.is_some() || !is_json, "{}: {}", body, problem.detail);
                }
            }
        }
    }
}
