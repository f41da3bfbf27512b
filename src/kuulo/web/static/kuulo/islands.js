// The map at the desk is drawn as in the report: this only shows its buttons and starts it.
document.getElementById("map-tools").hidden = false;
drawMap();
