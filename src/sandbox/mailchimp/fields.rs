//! `fields` and `exclude_fields`: what of an answer was asked for, in dot notation.

use serde_json::Value;

#[derive(Debug, Default)]
struct Node {
    whole: bool,
    /// By name; there are few, and every key of every object is looked for.
    parts: Vec<(String, Node)>,
}

impl Node {
    fn parse(list: &str) -> Option<Self> {
        let mut root = Self::default();
        for path in list
            .split(',')
            .map(str::trim)
            .filter(|path| !path.is_empty())
        {
            let mut node = &mut root;
            for part in path.split('.') {
                node = node.enter(part);
            }
            node.whole = true;
        }
        (!root.parts.is_empty()).then_some(root)
    }

    fn get(&self, key: &str) -> Option<&Self> {
        let (_, found) = self.parts.iter().find(|(name, _)| name == key)?;
        Some(found)
    }

    fn enter(&mut self, key: &str) -> &mut Self {
        let found = self.parts.iter().position(|(name, _)| name == key);
        let at = found.unwrap_or_else(|| {
            self.parts.push((key.to_owned(), Self::default()));
            self.parts.len() - 1
        });
        &mut self.parts[at].1
    }
}

/// What was asked for, for a whole answer.
#[derive(Debug, Default)]
pub(super) struct Fields {
    only: Option<Node>,
    without: Option<Node>,
}

impl Fields {
    pub(super) fn new(only: Option<&str>, without: Option<&str>) -> Self {
        Self {
            only: only.and_then(Node::parse),
            without: without.and_then(Node::parse),
        }
    }

    /// The choice at the top of the answer.
    pub(super) fn all(&self) -> Choice<'_> {
        Choice {
            only: self.only.as_ref(),
            without: self.without.as_ref(),
        }
    }
}

/// What was asked for of one object.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Choice<'a> {
    only: Option<&'a Node>,
    without: Option<&'a Node>,
}

impl<'a> Choice<'a> {
    /// The choice within a key; none if the key was not asked for.
    pub(super) fn enter(self, key: &str) -> Option<Choice<'a>> {
        let only = match self.only {
            None => None,
            Some(node) => match node.get(key)? {
                part if part.whole => None,
                part => Some(part),
            },
        };
        let without = self.without.and_then(|node| node.get(key));
        if without.is_some_and(|part| part.whole) {
            return None;
        }
        Some(Choice { only, without })
    }

    /// Whether everything below was asked for.
    pub(super) fn is_whole(self) -> bool {
        self.only.is_none() && self.without.is_none()
    }

    /// Takes out of a value what was not asked for. Arrays are looked through.
    pub(super) fn prune(self, value: &mut Value) {
        if self.is_whole() {
            return;
        }
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.prune(item)),
            Value::Object(map) => map.retain(|key, value| {
                self.enter(key).is_some_and(|inner| {
                    inner.prune(value);
                    true
                })
            }),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pruned(only: Option<&str>, without: Option<&str>) -> Value {
        let mut value =
            json!({"members": [{"id": 1, "stats": {"a": 1, "b": 2}}], "total_items": 1});
        Fields::new(only, without).all().prune(&mut value);
        value
    }

    #[test]
    fn only_the_fields_asked_for_are_kept() {
        assert_eq!(pruned(Some("total_items"), None), json!({"total_items": 1}));
        assert_eq!(
            pruned(Some("members.stats.a,members.id"), None),
            json!({"members": [{"id": 1, "stats": {"a": 1}}]})
        );
        assert_eq!(pruned(None, None)["total_items"], json!(1));
    }

    #[test]
    fn excluded_fields_are_left_out() {
        assert_eq!(
            pruned(None, Some("members.stats,total_items")),
            json!({"members": [{"id": 1}]})
        );
    }
}
