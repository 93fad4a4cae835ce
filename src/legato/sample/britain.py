"""The British branch's words."""

from legato.sample.branch import Branch, by_type, trades, words

BRITAIN = Branch(
    language="en",
    code="GB",
    forms=words("Ltd Ltd Ltd plc LLP"),
    stems=words("""Aldermoor Brackenfell Coldharrow Dunmere Eastwicke Farleybrook Greyhollow
        Hazelmarsh
        Inglethorpe Jesswater Kelderby Langmoss Marrowdale Netherfoss Oakenhythe Penwillow Quarrel
        Ravensholt Saltmarten Thornesey Umberleigh Vexcombe Wychbarrow Yarrowby Ashlanthe Birchover
        Cragmire Deepwell Elmstead Fernhythe Gorsecroft Heatherby Ivelcombe Juniperhill Kestlemere
        Larchwick Millfoss Northwyke Otterbourne Pebblewick Sykesbarrow Stonecroft Tarnside
        Underhay Valemoor Westerfold Wrenthorpe Yewdale Blackmoss Cinderhale"""),
    trades=trades("""Food and drink: Foods; Brewery; Dairies
        Chemicals: Chemicals; Coatings; Polymers
        Engineering: Engineering; Castings; Pumps
        Pharmaceuticals: Pharma; Biologics
        Water: Water Services; Filtration
        Energy: Heat Networks; Power"""),
    firm=lambda form, stem, trade: f"{stem} {trade} {form}",
    site="{parent}, {place}",
    places=words("North Works; Dockside Plant; Unit 4; Mill Lane; Highfield Site"),
    families=words("""Abbershaw Bellamore Cartledge Dransworth Eddowby Fairhurst Garthwaite
        Hollinsworth
        Inskipp Jessamy Kettlewood Lathbury Mickleham Nettlefold Oldacre Partington Quennell
        Rowbotham
        Sowerden Tattersley Unthwaite Varley-Cooke Wetherham Yelland Ackerby Boothby Cawthorne
        Dewsnap
        Entwhistle Frobishaw"""),
    givens=words("""Adam Bethan Callum Diane Edward Frances Gareth Heather Ian Joanne Keith Lorna
        Martin
        Nadia Oliver Priya Rhys Sunita Thomas Una Victor Wendy Yusuf Alison Brendan Clare Duncan
        Eleanor Farah Graham"""),
    person=lambda family, given: f"{given} {family}",
    positions=words("""Plant Manager; Head of Procurement; Maintenance Lead; Quality Director
        ;Instrument Engineer; Operations Director; Buyer; Site Manager"""),
    phone="020 7946 0{:03d}",
    products={
        "FM": "Flow meter",
        "LT": "Level sensor",
        "PT": "Pressure transmitter",
        "DP": "Dosing pump",
        "GA": "Gas analyser",
        "DL": "Data logger",
        "CS": "Calibration service",
        "MC": "Monitoring cloud",
    },
    deals=words("""{product}: line 2 replacement; {product} for the new plant;
        {product} framework, one year
        ;{product}: energy saving; {product} trial; {product}: ageing instruments;
        {product} after audit
        ;{product}: second site"""),
    services=words("{product}, one year; {product}: renewal; {product}: first contract"),
    early=words("Qualification; Discovery; Prospecting"),
    middle=words("Demo; Evaluation; Value Proposition"),
    late=words("Negotiation; Proposal Sent; Contract Sent"),
    won="Closed Won",
    lost="Closed Lost",
    next_steps=words("""send the revised quote; call procurement about the order date;
        book the site survey
        ;confirm the delivery slot; get the signed contract back; agree the trial results"""),
    talks=by_type("""Call: chased the purchase order; answered questions on the quote;
        caught up after a long silence; agreed a visit
        Meeting: site survey; quarterly review; commissioning; met the new buyer
        Email: sent the catalogue; sent the minutes; confirmed the specification"""),
    planned="Not started",
    done="Completed",
    promises=by_type("""promise: lend a spare unit; bring the delivery forward;
        swap the faulty sensor free of charge
        unwritten expectation: they count on last year's price;
        they expect the director at the opening
        special term: payment in ninety days; free calibration in the first year
        document owed: send the signed contract; send the calibration certificate
        deadline: tender closes; parts needed before the shutdown"""),
    tickets=by_type("""High: unit does not start; readings dropped to zero
        Medium: connection drops; calibration visit to be moved
        Low: needs the manual again; wrong name on the invoice"""),
    ticket_open=words("Working; New; Waiting"),
    ticket_done="Resolved",
    leads=words("Web enquiry; Trade show card; Referral from a customer; Call to the office"),
    lead_open=words("New; Working; Contacted"),
    lead_done="Disqualified",
    sources=words("Web; Trade show; Referral; Partner"),
    kinds_of_account=words("Key; Standard; Prospect"),
)
