"""The server: tools that run commands, resources that are files below the roots."""

from __future__ import annotations

import json
from typing import Annotated, Any, TypeAlias
from urllib.parse import quote, unquote

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp_types import CallToolResult, InputRequiredResult, Resource, TextContent, ToolAnnotations
from pydantic import Field, ValidationError

from lemmata import __version__
from lemmata.engine.errors import UsageError

from .arguments import unfit, unknown_name
from .calls import Calls, Limits, as_object
from .roots import PROOFS, THEORIES, Roots

INSTRUCTIONS = """\
Lemmata settles claims and says which of three words applies: proved (a checker accepted the proof),
refuted (here is a counterexample), unknown. "Not refuted" is never "proved". Give a theory in MPL
as `text`, or as a `file` below one of the server's roots. Each call has a budget in CPU seconds;
unknown with reason "time" means that a larger one may help. Results are the JSON that the command
line prints with --format json."""

Theory: TypeAlias = Annotated[
    str | None, Field(description="A theory file below a root; or give text instead.")
]
Text: TypeAlias = Annotated[str | None, Field(description="The theory itself, in MPL.")]
Goal: TypeAlias = Annotated[
    str | None, Field(description="The name of one conjecture; without it, all are settled.")
]
Seconds: TypeAlias = Annotated[float, Field(description="CPU seconds to spend on each search.")]
Ctx: TypeAlias = Context[Any, Any]

_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)


class LemmataServer(MCPServer[Any]):
    """A server whose list of resources is what lies below the roots at the moment."""

    def __init__(self, roots: Roots, limits: Limits) -> None:
        super().__init__(
            "lemmata",
            title="Lemmata",
            version=__version__,
            instructions=INSTRUCTIONS,
            log_level="WARNING",
        )
        self.roots = roots

    async def list_resources(self) -> list[Resource]:
        """Theories and proof files below the roots."""
        found = []
        for kind, endings, media in (
            ("theory", THEORIES, "text/plain"),
            ("proof", PROOFS, "application/json"),
        ):
            for path in self.roots.files(endings):
                uri = f"{kind}://{quote(str(path))}"
                found.append(Resource(uri=uri, name=path.name, mime_type=media))
        return found

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Calls a tool; ``ToolError`` says what is wrong with a call in the names of its arguments."""
        tools = {tool.name: tool.input_schema["properties"] for tool in await self.list_tools()}
        if name not in tools:
            raise ToolError(unknown_name("tool", name, tools))
        for given in arguments:
            if given not in tools[name]:
                raise ToolError(unknown_name(f"argument of {name}", given, tools[name]))
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if isinstance(error.__cause__, ValidationError):
                raise ToolError(unfit(error.__cause__, tools[name])) from None
            raise


def make_server(roots: Roots, limits: Limits | None = None) -> LemmataServer:
    """A server for agents that may use files below ``roots`` within ``limits``."""
    limits = limits or Limits()
    calls = Calls(roots, limits)
    server = LemmataServer(roots, limits)
    add_resources(server, roots)
    add_tools(server, calls)
    return server


def add_resources(server: LemmataServer, roots: Roots) -> None:
    """Reading of theories and proofs by their path."""

    def read(path: str, endings: tuple[str, ...]) -> str:
        place = roots.home / unquote(path)
        try:
            roots.checked(str(place))
            if place.suffix not in endings:
                raise UsageError(f"'{place}' does not end in {' or '.join(endings)}")
            return place.read_text("utf-8")
        except (UsageError, OSError, UnicodeDecodeError) as error:
            raise ResourceNotFoundError(str(error)) from None

    from mcp.server.mcpserver.resources import ResourceSecurity

    # Absolute paths are meant here; what lies outside the roots is refused above.
    absolute = ResourceSecurity(reject_absolute_paths=False)

    @server.resource("theory://{+path}", mime_type="text/plain", security=absolute)
    def theory(path: str) -> str:
        """A theory file below a root."""
        return read(path, THEORIES)

    @server.resource("proof://{+path}", mime_type="application/json", security=absolute)
    def proof(path: str) -> str:
        """A proof file below a root."""
        return read(path, PROOFS)


def add_tools(server: LemmataServer, calls: Calls) -> None:
    """The ten tools. What they answer is what the command prints, byte for byte."""
    roots, limits = calls.roots, calls.limits

    async def run(
        ctx: Ctx, *arguments: str, stdin: str = "", files: dict[str, str] | None = None
    ) -> CallToolResult:
        async def report(now: float, total: float, text: str) -> None:
            await ctx.report_progress(now, total, text)

        answer = await calls.run(list(arguments), report, stdin=stdin, files=files)
        if not answer.out:
            raise ToolError(answer.err.strip() or f"the command ended with code {answer.code}")
        return CallToolResult(
            content=[TextContent(text=answer.out)],
            structured_content=as_object(answer.out),
            _meta={"exit_code": answer.code},
        )

    def source(file: str | None, text: str | None, what: str = "file") -> tuple[str, str]:
        """The argument that names a source, and the standard input that holds it."""
        if (file is None) == (text is None):
            raise UsageError(f"give either {what} or text")
        return ("-", text or "") if file is None else (roots.checked(file), "")

    def option(name: str, value: object) -> list[str]:
        """An option, if it has a value; one word, so that no value is taken for an option."""
        return [] if value is None else [f"--{name}={value}"]

    def seconds_of(value: float) -> str:
        return f"--seconds={limits.checked(value):g}"

    @server.tool(annotations=_READS, structured_output=False)
    @told
    async def parse(ctx: Ctx, file: Theory = None, text: Text = None) -> CallToolResult:
        """Read a theory: its sorts, symbols and statements with their clauses, or its errors."""
        place, stdin = source(file, text)
        return await run(ctx, "parse", "--format=json", "--", place, stdin=stdin)

    @server.tool(annotations=_READS, structured_output=False)
    @told
    async def prove(
        ctx: Ctx,
        file: Theory = None,
        text: Text = None,
        goal: Goal = None,
        seconds: Seconds = 10.0,
        lemmas: Annotated[
            bool, Field(description="Whether earlier conjectures, once proved, help.")
        ] = True,
    ) -> CallToolResult:
        """Prove or refute the conjectures of a theory; each proof is one that a checker accepted."""
        place, stdin = source(file, text)
        options = [seconds_of(seconds), *option("goal", goal)]
        options += [] if lemmas else ["--no-lemmas"]
        return await run(ctx, "prove", "--format=json", *options, "--", place, stdin=stdin)

    @server.tool(annotations=_READS, structured_output=False)
    @told
    async def refute(
        ctx: Ctx,
        file: Theory = None,
        text: Text = None,
        goal: Goal = None,
        seconds: Seconds = 10.0,
    ) -> CallToolResult:
        """Look for counterexamples to conjectures. Finding none says nothing about them."""
        place, stdin = source(file, text)
        options = [seconds_of(seconds), *option("goal", goal)]
        return await run(ctx, "refute", "--format=json", *options, "--", place, stdin=stdin)

    @server.tool(annotations=_READS, structured_output=False)
    @told
    async def explore(
        ctx: Ctx,
        file: Theory = None,
        text: Text = None,
        size: Annotated[int | None, Field(description="The largest size of terms.", ge=1)] = None,
        seconds: Seconds = 20.0,
    ) -> CallToolResult:
        """Find the laws of a theory from its axioms alone, each proved."""
        place, stdin = source(file, text)
        options = [seconds_of(seconds), *option("size", size)]
        return await run(ctx, "explore", "--format=json", *options, "--", place, stdin=stdin)

    @server.tool(annotations=_READS, structured_output=False)
    @told
    async def check(
        ctx: Ctx,
        proofs: Annotated[
            list[str] | None, Field(description="Proof files below a root.", min_length=1)
        ] = None,
        text: Annotated[str | None, Field(description="A proof file's content instead.")] = None,
        theory: Annotated[
            str | None, Field(description="Check against this theory file, not the one named.")
        ] = None,
    ) -> CallToolResult:
        """Certify proof files again from the theory's own text; nothing in them is trusted."""
        first, stdin = source(proofs[0] if proofs else None, text, "proofs")
        places = [first, *map(roots.checked, (proofs or [])[1:])]
        against = None if theory is None else roots.checked(theory)
        options = option("theory", against)
        return await run(ctx, "check", "--format=json", *options, "--", *places, stdin=stdin)

    @server.tool(annotations=_READS, structured_output=False)
    @told
    async def explain(
        ctx: Ctx,
        proof: Annotated[str | None, Field(description="A proof file below a root.")] = None,
        text: Annotated[str | None, Field(description="A proof file's content instead.")] = None,
        lemmas: Annotated[bool, Field(description="Also the lemmas it rests on.")] = False,
    ) -> CallToolResult:
        """Tell a proof in words, step by step, once it is certified again."""
        place, stdin = source(proof, text, "proof")
        options = ["--lemmas"] if lemmas else []
        return await run(ctx, "explain", "--format=json", *options, "--", place, stdin=stdin)

    @server.tool(annotations=_READS, structured_output=False)
    @told
    async def synthesize(
        ctx: Ctx,
        examples: Annotated[
            str | list[dict[str, Any]] | None,
            Field(
                description='Pairs, [{"args": [3, 1], "result": 2}, …], or a file of them below a root.'
            ),
        ] = None,
        hidden: Annotated[
            str | None,
            Field(description="A hidden function below a root, path.py:function."),
        ] = None,
        example: Annotated[
            list[str] | None,
            Field(description="With hidden: arguments to begin with, as Python tuples."),
        ] = None,
        queries: Annotated[int, Field(description="With hidden: calls in all.", ge=1)] = 30,
        seconds: Seconds = 20.0,
        seed: int = 0,
    ) -> CallToolResult:
        """Find a Python function from examples, or from a hidden one that answers queries."""
        options = [seconds_of(seconds), f"--queries={queries}", f"--seed={seed}"]
        options += [word for one in example or [] for word in option("example", one)]
        files, places = {}, []
        if hidden is not None:
            options += option("hidden", reference(hidden))
        if isinstance(examples, list):
            files["examples.json"] = json.dumps(examples)
            places = ["--", "{scratch}/examples.json"]
        elif examples is not None:
            places = ["--", roots.checked(examples)]
        return await run(ctx, "synth", "--format=json", *options, *places, files=files)

    @server.tool(annotations=_READS, structured_output=False)
    @told
    async def difftest(
        ctx: Ctx,
        left: Annotated[
            str, Field(description="path.py:function below a root, or Python source text.")
        ],
        right: Annotated[
            str, Field(description="path.py:function below a root, or Python source text.")
        ],
        example: Annotated[
            list[str] | None, Field(description="Arguments to start from, as Python tuples.")
        ] = None,
        seconds: Seconds = 10.0,
        exceptions: Annotated[
            str, Field(description="Which exceptions count as the same: any, type or message.")
        ] = "type",
        tolerance: Annotated[float, Field(description="Allowed between floats.", ge=0)] = 0.0,
        seed: int = 0,
    ) -> CallToolResult:
        """Look for an input on which two Python functions differ. Both run in a sandbox."""
        files: dict[str, str] = {}
        places = []
        for name, given in (("left", left), ("right", right)):
            if "\n" in given or given.lstrip().startswith(("def ", "lambda", "from ", "import ")):
                files[f"{name}.py"] = given
                places.append(f"{{scratch}}/{name}.py")
            else:
                places.append(reference(given))
        options = [seconds_of(seconds), f"--tolerance={tolerance}", f"--seed={seed}"]
        options += option("exceptions", exceptions)
        options += [word for one in example or [] for word in option("example", one)]
        return await run(ctx, "difftest", "--format=json", *options, "--", *places, files=files)

    @server.tool(annotations=_READS, structured_output=False)
    @told
    async def pcf_identify(
        ctx: Ctx,
        formula: Annotated[str, Field(description='Two polynomials in n, such as "2n+1 | n^2".')],
        digits: Annotated[int, Field(description="Decimals of the limit.", ge=1, le=2_000)] = 60,
        depth: Annotated[int, Field(description="Depth of the metrics.", ge=10, le=20_000)] = 2000,
        constants: Annotated[
            list[str] | None,
            Field(description='Constants to try as well, "name = expression".'),
        ] = None,
    ) -> CallToolResult:
        """Evaluate a polynomial continued fraction, measure it, and identify its value."""
        options = [f"--digits={digits}", f"--depth={depth}"]
        options += [word for one in constants or [] for word in option("constant", one)]
        return await run(ctx, "pcf", "show", "--format=json", *options, "--", formula)

    @server.tool(annotations=_WRITES, structured_output=False)
    @told
    async def pcf_sweep(
        ctx: Ctx,
        out: Annotated[str, Field(description="A folder below a root; resumed if it exists.")],
        degrees: Annotated[tuple[int, int], Field(description="Highest degrees of a and b.")] = (
            1,
            2,
        ),
        box: Annotated[int, Field(description="Coefficients from −box to box.", ge=1)] = 2,
        depth: Annotated[int, Field(description="Depth of the metrics.", ge=10)] = 2000,
        digits: Annotated[int, Field(description="Decimals of each limit.", ge=1)] = 80,
        seconds: Seconds = 60.0,
    ) -> CallToolResult:
        """Measure every continued fraction of a box into a folder; the same call goes on later."""
        options = [f"--out={roots.checked(out)}", f"--box={box}", f"--depth={depth}"]
        options += ["--degrees", str(degrees[0]), str(degrees[1])]
        options += [f"--digits={digits}", seconds_of(seconds)]
        return await run(ctx, "pcf", "sweep", "--format=json", *options)

    def reference(text: str) -> str:
        path, colon, name = text.partition(":")
        return roots.checked(path) + colon + name


def told(tool: Any) -> Any:
    """The same tool; what a user did wrong is an error in words, not a crash."""
    from functools import wraps

    @wraps(tool)
    async def careful(*arguments: Any, **named: Any) -> Any:
        try:
            return await tool(*arguments, **named)
        except UsageError as error:
            raise ToolError(str(error)) from None

    return careful
