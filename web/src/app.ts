// What every page runs. Each part improves HTML that already works.
import "./forms/forms";
import "./elements/live";
import "./elements/clock";
import "./elements/echo";
import "./elements/gps";
import "./elements/vertices";
import "./elements/watch";
