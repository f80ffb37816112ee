/** The words of the server's contract, generated from its description and named here as the trade names them. */

import type { components, paths } from "./contract.gen";

type Schemas = components["schemas"];

export type Plan = Schemas["Plan"];
export type PlanDetail = Schemas["PlanDetail"];
export type PlanState = Plan["state"];
export type Parent = Schemas["Parent"];
export type Grid = Schemas["Grid"];
export type Grids = Schemas["Grids"];
export type CodeSchemes = Schemas["CodeSchemes"];
export type Bounds = Schemas["Bounds"];
/** The sides of a grid, in the order in which its bounds are told. */
export const sideNames = ["east", "south", "west", "north"] as const;
export type SideName = (typeof sideNames)[number];
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
export type Mend = Schemas["Mend"];
export type Dependents = Schemas["Dependents"];
export type Scorecard = Schemas["Scorecard"];
export type Comparison = Schemas["Comparison"];
export type ComparedMove = Schemas["ComparedMove"];
export type ComparedParent = Schemas["ComparedParent"];
export type PlanComment = Schemas["Comment"];
export type NewComment = Schemas["NewComment"];
export type Hit = Schemas["Hit"];
export type Terms = Schemas["Terms"];
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
export type CheckedFinding = Schemas["CheckedFinding"];
export type Outlook = Schemas["Outlook"];
export type Division = Schemas["Division"];
export type Subscription = Schemas["Subscription"];
export type LineageRow = Schemas["LineageRow"];
export type PublishedGrid = Schemas["PublishedGrid"];
export type PlanStaff = Schemas["PlanStaff"];
export type GridStaff = Schemas["GridStaff"];
export type StaffPost = Schemas["Post"];
export type Person = Schemas["Person"];
export type PersonWish = Schemas["PersonWish"];
export type PartyOrg = Schemas["PartyOrg"];
export type PartyOrgWish = Schemas["PartyOrgWish"];
export type NewPost = paths["/api/v1/posts"]["post"]["requestBody"]["content"]["application/json"];
export type Placing =
  paths["/api/v1/plans/{id}/staff/proposal"]["get"]["responses"]["200"]["content"]["application/json"]["placings"][number];
