use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::frame::{Damage, Frames, IMAGES, frame};
use crate::domain::PersonKey;
use crate::store::Error;

/// How a contact was before a run wrote to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image<B> {
    /// Who.
    pub key: PersonKey,
    /// Mailchimp's `id` of the contact, where it is not the key.
    pub id: Option<PersonKey>,
    /// What the contact held.
    pub before: B,
}

/// The images that belong to one intent, encoded.
#[derive(Debug, Default)]
pub struct Images(Vec<u8>);

impl Images {
    /// Adds one.
    ///
    /// # Errors
    /// Fails when the value cannot be encoded.
    pub fn add(&mut self, image: &Image<impl Serialize>) -> Result<(), Error> {
        frame(image, &mut self.0)
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Reads the images of a run, in the order in which they were written. Of someone who was written to twice the first one
/// counts.
#[derive(Debug)]
pub struct ImageReader(Frames<File>);

impl ImageReader {
    /// Opens a run's images; `None` where there are none.
    ///
    /// # Errors
    /// Fails when they cannot be read, or are of a newer version.
    pub fn open(path: &Path) -> Result<Option<Self>, Error> {
        match File::open(path) {
            Ok(file) => Ok(Some(Self(Frames::new(file, path, IMAGES)?))),
            Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
            Err(why) => Err(Error::read(path, why)),
        }
    }

    /// Reads the next one; `None` at the end.
    ///
    /// # Errors
    /// Fails when the file cannot be read.
    pub fn read<B: DeserializeOwned>(&mut self) -> Result<Option<Image<B>>, Error> {
        self.0.next()
    }

    /// Tells what could not be read so far.
    #[must_use]
    pub fn damage(&self) -> Damage {
        self.0.damage()
    }
}
