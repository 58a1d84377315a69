// <p-map>: the map of a page. No task needs it; all of it also stands in the page as text.
import "./map/element";
