// The drawings of the symbols that stand on the map; web/build.mjs makes this module from the same list as the sprite.
declare module "parley:icons" {
  export interface Drawing {
    box: string; // viewBox
    paint: string; // attributes
    drawing: string; // content of <svg>
  }
  const drawings: Record<string, Drawing>;
  export default drawings;
}
