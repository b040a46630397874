"""The library of pictures, documents and audio: checked by content, stored and served safely."""
