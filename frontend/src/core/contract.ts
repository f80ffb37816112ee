/** The words of the server's contract, generated from its description and named here as the trade names them. */

import type { components } from "./contract.gen";

type Schemas = components["schemas"];

export type Plan = Schemas["Plan"];
export type PlanDetail = Schemas["PlanDetail"];
export type PlanState = Plan["state"];
export type Parent = Schemas["Parent"];
export type Grid = Schemas["Grid"];
export type Grids = Schemas["Grids"];
export type Verdict = Grid["verdict"];
export type Blocks = Schemas["Blocks"];
export type Finding = Schemas["Finding"];
export type Edit = Schemas["Edit"];
export type EditResult = Schemas["EditResult"];
export type EditView = Schemas["EditView"];
export type Recipe = Schemas["Recipe"];
export type NewPlan = Schemas["NewPlan"];
export type Measure = Schemas["Measure"];
export type Status = Schemas["Status"];
export type Area = Schemas["Area"];
export type Job = Schemas["Job"];
export type FirstPlan = Schemas["FirstPlan"];
export type Build = Schemas["Build"];
export type BuildReport = Schemas["BuildReport"];
export type GroundFinding = Schemas["GroundFinding"];
export type Basebook = Schemas["Basebook"];
export type BasebookRow = Schemas["BasebookRow"];
export type Feature = Schemas["Feature"];
export type Features = Schemas["Features"];
export type FeatureKinds = Schemas["FeatureKinds"];
export type Change = Schemas["Change"];
export type NewChange = Schemas["NewChange"];
export type FillIn = Schemas["FillIn"];
export type Returned = Schemas["Returned"];
export type ImportFile = Schemas["Import"];
export type ImportDecisions = Schemas["ImportDecisions"];
export type ImportReport = Schemas["ImportReport"];
export type ImportTemplate = Schemas["ImportTemplate"];
export type Inspection = Schemas["Inspection"];
export type Problem = Schemas["Problem"];

/** One number a measure, by the measure's name. */
export type Loads = Record<string, number>;

/** West, south, east, north in degrees. */
export type Box = readonly [number, number, number, number];

/** Longitude and latitude in degrees. */
export type LonLat = readonly [number, number];

/** Number of a grid inside its plan; 0 is "in no grid". */
export type GridNo = number;

/** Index of a block in the columns of {@link Blocks}; not its id. */
export type BlockIndex = number;
