export const basemap = () => ({ type: "FeatureCollection", features: [] });
