<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<!-- The code speaks English: here is only what depends on how many there are. -->
<TS version="2.1" language="en_US" sourcelanguage="en">
<context>
    <name>AttachmentChips</name>
    <message numerus="yes">
        <source>{0} characters</source>
        <translation>
            <numerusform>{0} character</numerusform>
            <numerusform>{0} characters</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} tokens</source>
        <translation>
            <numerusform>{0} token</numerusform>
            <numerusform>{0} tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ChatListModel</name>
    <message numerus="yes">
        <source>Folder {0}, {1} chats</source>
        <translation>
            <numerusform>Folder {0}, {1} chat</numerusform>
            <numerusform>Folder {0}, {1} chats</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CheckStep</name>
    <message numerus="yes">
        <source>{0} things forbid the start</source>
        <translation>
            <numerusform>One thing forbids the start</numerusform>
            <numerusform>{0} things forbid the start</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DaysChart</name>
    <message numerus="yes">
        <source>{0} tokens on {1} days</source>
        <translation>
            <numerusform>{0} tokens on {1} day</numerusform>
            <numerusform>{0} tokens on {1} days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0}: {1} tokens</source>
        <translation>
            <numerusform>{0}: {1} token</numerusform>
            <numerusform>{0}: {1} tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LogPane</name>
    <message numerus="yes">
        <source>{0} lines</source>
        <translation>
            <numerusform>{0} line</numerusform>
            <numerusform>{0} lines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PrivacyDialog</name>
    <message numerus="yes">
        <source>{0} connections since the start at {1}</source>
        <translation>
            <numerusform>{0} connection since the start at {1}</numerusform>
            <numerusform>{0} connections since the start at {1}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message numerus="yes">
        <source>Some minutes: looks at {0} sample texts</source>
        <translation>
            <numerusform>Some minutes: looks at {0} sample text</numerusform>
            <numerusform>Some minutes: looks at {0} sample texts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Thorough: tunes every layer in {0} steps</source>
        <translation>
            <numerusform>Thorough: tunes every layer in {0} step</numerusform>
            <numerusform>Thorough: tunes every layer in {0} steps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} downloads</source>
        <translation>
            <numerusform>{0} download</numerusform>
            <numerusform>{0} downloads</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} duplicates</source>
        <translation>
            <numerusform>{0} duplicate</numerusform>
            <numerusform>{0} duplicates</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} engine processes still run.</source>
        <translation>
            <numerusform>{0} engine process still runs.</numerusform>
            <numerusform>{0} engine processes still run.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} likes</source>
        <translation>
            <numerusform>{0} like</numerusform>
            <numerusform>{0} likes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message numerus="yes">
        <source>{0} tokens</source>
        <translation>
            <numerusform>{0} token</numerusform>
            <numerusform>{0} tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} tokens from cache</source>
        <translation>
            <numerusform>{0} token from cache</numerusform>
            <numerusform>{0} tokens from cache</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} tokens of prompt</source>
        <translation>
            <numerusform>{0} token of prompt</numerusform>
            <numerusform>{0} tokens of prompt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} words</source>
        <translation>
            <numerusform>{0} word</numerusform>
            <numerusform>{0} words</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>📎 {0} ({1} tokens)</source>
        <translation>
            <numerusform>📎 {0} ({1} token)</numerusform>
            <numerusform>📎 {0} ({1} tokens)</numerusform>
        </translation>
    </message>
</context>
</TS>
