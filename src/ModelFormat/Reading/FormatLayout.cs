namespace EdgeInference.ModelFormat
{
    /// <summary>Every fixed number of the <c>.edge</c> format. docs/model-format.md explains each; a test holds the two together.</summary>
    internal static class FormatLayout
    {
        /// <summary>"EDGE", little endian.</summary>
        public const int Magic = 0x45474445;

        /// <summary>Readers refuse another major version.</summary>
        public const int MajorVersion = 3;

        /// <summary>Readers accept a higher minor version and skip sections and contract records that may be skipped.</summary>
        public const int MinorVersion = 0;

        /// <summary>Bytes of the header.</summary>
        public const int HeaderBytes = 24;

        /// <summary>Offset of the magic, u32.</summary>
        public const int MagicOffset = 0;

        /// <summary>Offset of the major version, u16.</summary>
        public const int MajorVersionOffset = 4;

        /// <summary>Offset of the minor version, u16.</summary>
        public const int MinorVersionOffset = 6;

        /// <summary>Offset of the length of the model in bytes, u32.</summary>
        public const int LengthOffset = 8;

        /// <summary>Offset of the CRC-32 over all bytes of the model but these four, u32.</summary>
        public const int CrcOffset = 12;

        /// <summary>Offset of the arena's size in bytes, u32.</summary>
        public const int ArenaBytesOffset = 16;

        /// <summary>Offset of the flags, u16, 0.</summary>
        public const int FlagsOffset = 20;

        /// <summary>Offset of the number of sections, u16.</summary>
        public const int SectionCountOffset = 22;

        /// <summary>Bytes of one entry of the section table, which follows the header: identifier u32, length u32.</summary>
        public const int SectionEntryBytes = 8;

        /// <summary>Sections follow the section table in its order, each from the next multiple of this many bytes on.</summary>
        public const int SectionAlignment = 4;

        /// <summary>The constants start at a multiple of this many bytes.</summary>
        public const int ConstantsAlignment = 8;

        /// <summary>Section identifier: tensors.</summary>
        public const int TensorsSection = 1;

        /// <summary>Section identifier: operators.</summary>
        public const int OperatorsSection = 2;

        /// <summary>Section identifier: the contract, what goes in and what comes out.</summary>
        public const int ContractSection = 3;

        /// <summary>Section identifier: constants.</summary>
        public const int ConstantsSection = 4;

        /// <summary>Section identifier: a name for each tensor, for tools.</summary>
        public const int TensorNamesSection = 5;

        /// <summary>Section identifier: self-test vectors.</summary>
        public const int SelfTestSection = 6;

        /// <summary>Bytes of a tensor record that each has; a place follows where the tensor is not a constant, then the dimensions.</summary>
        public const int TensorHeaderBytes = 2;

        /// <summary>Offset in a tensor record of type, storage and flags, u8.</summary>
        public const int TensorKindOffset = 0;

        /// <summary>Offset in a tensor record of the rank, u8.</summary>
        public const int TensorRankOffset = 1;

        /// <summary>Offset in a tensor record of the elements' offset in the arena, u32; a constant has none.</summary>
        public const int TensorPlaceOffset = 2;

        /// <summary>Bytes of the elements' offset in the arena.</summary>
        public const int TensorPlaceBytes = 4;

        /// <summary>Bytes after the dimensions of a quantized tensor: scale f32, zero point i16.</summary>
        public const int TensorQuantizationBytes = 6;

        /// <summary>The bits of a tensor's kind that hold its type.</summary>
        public const int TensorTypeMask = 7;

        /// <summary>How far a tensor's storage is shifted in its kind; two bits.</summary>
        public const int TensorStorageShift = 3;

        /// <summary>The bit of a tensor's kind that says that a scale and a zero point follow the dimensions.</summary>
        public const int TensorQuantizedFlag = 32;

        /// <summary>The bit of a tensor's kind that says that its dimensions are u32 instead of u16.</summary>
        public const int TensorWideFlag = 64;

        /// <summary>Most dimensions of a tensor.</summary>
        public const int MaxRank = 6;

        /// <summary>Most tensors: their indices are u16.</summary>
        public const int MaxTensors = 65535;

        /// <summary>The index that stands for an optional input that is absent.</summary>
        public const int AbsentTensor = 65535;

        /// <summary>Bytes of an operator record before its variable part.</summary>
        public const int OperatorHeaderBytes = 4;

        /// <summary>Offset in an operator record of the opcode, u8.</summary>
        public const int OperatorOpcodeOffset = 0;

        /// <summary>Offset in an operator record of the number of inputs, u8.</summary>
        public const int OperatorInputsOffset = 1;

        /// <summary>Offset in an operator record of the number of outputs, u8.</summary>
        public const int OperatorOutputsOffset = 2;

        /// <summary>Offset in an operator record of the number of parameters, u8.</summary>
        public const int OperatorParametersOffset = 3;

        /// <summary>Largest arena that a file may ask for, in bytes.</summary>
        public const int MaxArenaBytes = 256 * 1024 * 1024;

        /// <summary>Most steps that one inference may take where a reader is told no other number: 2³⁴.</summary>
        public const long MaxSteps = 17179869184;

        /// <summary>Bytes of a contract record before its payload: key u8, length of the payload u24.</summary>
        public const int ContractHeaderBytes = 4;

        /// <summary>Number of channels u8, from the start of the payload of record 13.</summary>
        public const int SignalsChannelsOffset = 0;

        /// <summary>Number of filters u8.</summary>
        public const int SignalsFiltersOffset = 1;

        /// <summary>Number of features u8.</summary>
        public const int SignalsFeaturesOffset = 2;

        /// <summary>Bytes before the first channel.</summary>
        public const int SignalsHeaderBytes = 3;

        /// <summary>Contract records with this key or a higher one may be skipped by a reader that does not know them.</summary>
        public const int FirstOptionalKey = 128;

        /// <summary>The index that stands for no output in the contract.</summary>
        public const int NoOutput = 255;
    }
}
