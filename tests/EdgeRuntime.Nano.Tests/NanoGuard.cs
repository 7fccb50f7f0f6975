using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace EdgeInference.Nano.Tests;

/// <summary>
/// Reads compiled IL and names what nanoFramework lacks or gets wrong: members outside the lists in Api/, generics, arrays of several
/// dimensions, checked arithmetic, pointers, function pointers, functions of double, static initialisers that depend on each other, and
/// methods or assemblies beyond its limits. Attributes are not looked at: the device does not load them.
/// Arithmetic in double is that of C on every target (nf-interpreter a3e8139a: none defines PLATFORM_EMULATED_FLOATINGPOINT), but the
/// firmware's functions compute in float unless it is built otherwise.
/// </summary>
internal sealed class NanoGuard
{
    private const int MaxAssemblyBytes = 65_535;
    private const int MaxLocals = 255;

    private static readonly Dictionary<int, OpCode> Opcodes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    private static readonly HashSet<string> Allowed = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Api"), "*.api.txt")
        .SelectMany(File.ReadAllLines)
        .Where(line => line.Length > 0 && line[0] != '#')];

    private readonly MetadataReader reader;
    private readonly PEReader image;
    private readonly HashSet<string> own;
    private readonly List<string> problems = [];
    private readonly SignatureNames names;
    private string where = "";

    private NanoGuard(PEReader image, string[] own)
    {
        this.image = image;
        this.own = [.. own];
        reader = image.GetMetadataReader();
        names = new SignatureNames(this);
    }

    /// <summary>What is wrong with an assembly, a line each with type and method; empty where nothing is.</summary>
    /// <param name="assembly">The compiled assembly.</param>
    /// <param name="own">Names of assemblies that are checked on their own.</param>
    internal static IReadOnlyList<string> Check(byte[] assembly, params string[] own)
    {
        using var image = new PEReader([.. assembly]);
        var guard = new NanoGuard(image, own);
        guard.CheckTypes();
        return guard.problems;
    }

    /// <summary>Bytes of IL of all methods.</summary>
    internal static int InstructionBytes(byte[] assembly)
    {
        using var image = new PEReader([.. assembly]);
        MetadataReader reader = image.GetMetadataReader();
        return reader.MethodDefinitions
            .Select(handle => reader.GetMethodDefinition(handle).RelativeVirtualAddress)
            .Where(address => address != 0)
            .Sum(address => image.GetMethodBody(address).GetILBytes()!.Length);
    }

    private void CheckTypes()
    {
        int bytes = 0;
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            TypeDefinition type = reader.GetTypeDefinition(handle);
            where = FullName(handle);
            if (type.GetGenericParameters().Count > 0)
            {
                Refuse("is generic");
            }

            CheckType(type.BaseType);
            foreach (InterfaceImplementationHandle item in type.GetInterfaceImplementations())
            {
                CheckType(reader.GetInterfaceImplementation(item).Interface);
            }

            foreach (FieldDefinitionHandle field in type.GetFields())
            {
                reader.GetFieldDefinition(field).DecodeSignature(names, null);
            }

            foreach (MethodDefinitionHandle method in type.GetMethods())
            {
                bytes += CheckMethod(handle, method);
            }
        }

        where = "the assembly";
        if (bytes > MaxAssemblyBytes)
        {
            Refuse($"has {bytes} bytes of bytecode where {MaxAssemblyBytes} fit");
        }
    }

    private int CheckMethod(TypeDefinitionHandle type, MethodDefinitionHandle handle)
    {
        MethodDefinition method = reader.GetMethodDefinition(handle);
        where = FullName(type) + "::" + reader.GetString(method.Name);
        if (method.GetGenericParameters().Count > 0)
        {
            Refuse("is generic");
        }

        method.DecodeSignature(names, null);
        if (method.RelativeVirtualAddress == 0)
        {
            return 0;
        }

        MethodBodyBlock body = image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            ImmutableArray<string> locals = reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, null);
            if (locals.Length > MaxLocals)
            {
                Refuse($"has {locals.Length} locals where {MaxLocals} fit");
            }
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            CheckType(region.CatchType);
        }

        bool isInitialiser = reader.GetString(method.Name) == ".cctor";
        BlobReader code = body.GetILReader();
        int tokens = 0;
        while (code.RemainingBytes > 0)
        {
            tokens += CheckInstruction(ref code, type, isInitialiser) ? 1 : 0;
        }

        // The metadata processor writes a token in two bytes instead of four; what it does to branches is left out.
        return body.GetILBytes()!.Length - (2 * tokens);
    }

    // Whether the instruction has a token.
    private bool CheckInstruction(ref BlobReader code, TypeDefinitionHandle type, bool isInitialiser)
    {
        int value = code.ReadByte();
        OpCode opcode = Opcodes[value == 0xFE ? 0xFE00 | code.ReadByte() : value];
        string name = opcode.Name!;
        if (name.Contains(".ovf", StringComparison.Ordinal))
        {
            Refuse($"uses {name}: checked arithmetic wraps on the device");
        }

        if (name is "calli" or "localloc" or "cpblk" or "initblk" or "jmp" or "arglist" or "mkrefany" or "refanyval" or "refanytype" or "conv.i" or "conv.u" or "sizeof")
        {
            Refuse($"uses {name}");
        }

        switch (opcode.OperandType)
        {
            case OperandType.InlineSwitch:
                int count = code.ReadInt32();
                code.Offset += count * 4;
                break;
            case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                Handle target = MetadataTokens.Handle(code.ReadInt32());
                CheckTarget(target);
                if (isInitialiser && name == "ldsfld" && Declaring(target) is { } owner && owner != FullName(type) && !owner.StartsWith("<PrivateImplementationDetails>", StringComparison.Ordinal))
                {
                    Refuse($"reads a static field of {owner} while types are initialised, which may come before {owner} is");
                }

                break;
            case OperandType.InlineSig:
                code.Offset += 4;
                break;
            default:
                code.Offset += opcode.OperandType switch
                {
                    OperandType.InlineNone => 0,
                    OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                    OperandType.InlineVar => 2,
                    OperandType.InlineI8 or OperandType.InlineR => 8,
                    _ => 4,
                };
                break;
        }

        return opcode.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok or OperandType.InlineSig or OperandType.InlineString;
    }

    private void CheckTarget(Handle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodSpecification:
                Refuse("calls a generic method");
                break;
            case HandleKind.MemberReference:
                CheckMember((MemberReferenceHandle)handle);
                break;
            case HandleKind.TypeReference or HandleKind.TypeSpecification:
                CheckType((EntityHandle)handle);
                break;
        }
    }

    private void CheckMember(MemberReferenceHandle handle)
    {
        MemberReference member = reader.GetMemberReference(handle);
        if (member.Parent.Kind is HandleKind.TypeDefinition or HandleKind.MethodDefinition)
        {
            return;
        }

        if (member.Parent.Kind != HandleKind.TypeReference)
        {
            CheckType(member.Parent);
            return;
        }

        var parent = (TypeReferenceHandle)member.Parent;
        if (IsOwn(parent))
        {
            return;
        }

        string owner = names.Name(parent);
        string line;
        if (member.GetKind() == MemberReferenceKind.Field)
        {
            line = $"F {member.DecodeFieldSignature(names, null)} {owner}::{reader.GetString(member.Name)}";
        }
        else
        {
            MethodSignature<string> signature = member.DecodeMethodSignature(names, null);
            line = $"M {signature.ReturnType} {owner}::{reader.GetString(member.Name)}({string.Join(",", signature.ParameterTypes)})";
            if (line.Contains("System.Double", StringComparison.Ordinal))
            {
                Refuse($"uses {line[2..]}: functions of double are not to be relied on");
            }
        }

        if (!Allowed.Contains(line))
        {
            Refuse($"uses {line[2..]}");
        }
    }

    private void CheckType(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        if (handle.Kind == HandleKind.TypeReference)
        {
            names.GetTypeFromReference(reader, (TypeReferenceHandle)handle, 0);
        }
        else if (handle.Kind == HandleKind.TypeSpecification)
        {
            reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(names, null);
        }
    }

    private string? Declaring(Handle field) => field.Kind switch
    {
        HandleKind.FieldDefinition => FullName(reader.GetFieldDefinition((FieldDefinitionHandle)field).GetDeclaringType()),
        HandleKind.MemberReference when reader.GetMemberReference((MemberReferenceHandle)field).Parent is { Kind: HandleKind.TypeReference } parent && IsOwn((TypeReferenceHandle)parent) => names.Name((TypeReferenceHandle)parent),
        _ => null,
    };

    private bool IsOwn(TypeReferenceHandle handle)
    {
        EntityHandle scope = reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.AssemblyReference => own.Contains(reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name)),
            HandleKind.TypeReference => IsOwn((TypeReferenceHandle)scope),
            _ => false,
        };
    }

    private string FullName(TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string name = reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer ? FullName(outer) + "/" + name : type.Namespace.IsNil ? name : reader.GetString(type.Namespace) + "." + name;
    }

    private void Refuse(string problem) => problems.Add($"{where} {problem}");

    /// <summary>Types in signatures: checks each and gives its name in the form of the lists.</summary>
    private sealed class SignatureNames(NanoGuard guard) : ISignatureTypeProvider<string, object?>
    {
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "System." + typeCode;

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            string name = Name(handle);
            if (!guard.IsOwn(handle) && !Allowed.Contains("T " + name))
            {
                guard.Refuse($"uses {name}");
            }

            return name;
        }

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => guard.FullName(handle);

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetByReferenceType(string elementType) => elementType + "&";

        public string GetArrayType(string elementType, ArrayShape shape)
        {
            guard.Refuse($"uses {elementType}[{new string(',', shape.Rank - 1)}]: an array of several dimensions crashes the device");
            return elementType + "[,]";
        }

        public string GetPointerType(string elementType)
        {
            guard.Refuse($"uses the pointer {elementType}*");
            return elementType + "*";
        }

        public string GetFunctionPointerType(MethodSignature<string> signature)
        {
            guard.Refuse("uses a function pointer");
            return "function pointer";
        }

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments)
        {
            guard.Refuse($"uses the generic type {genericType}");
            return genericType;
        }

        public string GetGenericMethodParameter(object? genericContext, int index) => "!!" + index;

        public string GetGenericTypeParameter(object? genericContext, int index) => "!" + index;

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetPinnedType(string elementType)
        {
            guard.Refuse($"pins {elementType}");
            return elementType;
        }

        internal string Name(TypeReferenceHandle handle)
        {
            TypeReference type = guard.reader.GetTypeReference(handle);
            string name = guard.reader.GetString(type.Name);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? Name((TypeReferenceHandle)type.ResolutionScope) + "/" + name
                : type.Namespace.IsNil ? name : guard.reader.GetString(type.Namespace) + "." + name;
        }
    }
}
